#include "adapters/store/import.hpp"

#include "config/assemble.hpp"
#include "runtime/app/commands.hpp"
#include "runtime/app/exit_code.hpp"
#include "runtime/app/progress_line.hpp"

namespace flipsync::app {
namespace {

result<import_options> options_of(const import_arguments& a) {
  import_options out;
  const auto kind = parse_import_kind(a.kind);
  if (!kind)
    return kind.error();
  auto map = load_mapping(a.map, *kind);
  if (!map)
    return map.error();
  out.kind = *kind;
  out.map = *std::move(map);
  out.name = a.file;
  out.now =
    std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  out.dry_run = a.dry_run;
  out.partial = a.partial;
  return out;
}

std::string text_of(const import_progress& p) {
  const auto share =
    p.total_bytes == 0 ? 0.0 : static_cast<double>(p.bytes) / static_cast<double>(p.total_bytes);
  return progress_text(share, std::to_string(p.rows) + " rows");
}

result<import_report> run(const surroundings& here, const import_arguments& arguments) {
  const auto options = options_of(arguments);
  if (!options)
    return options.error();
  const auto folder = config::data_folder(here.ctx.config.values, here.ctx.env);
  if (!folder)
    return folder.error();
  auto store = config::open_shop(here.ctx.config.values, default_shop_rules(), *folder);
  if (!store)
    return store.error();
  progress_line bar;
  const bool draw = stderr_is_terminal();
  auto out = import_file(**store, arguments.file, *options, [&](const import_progress& p) {
    if (draw)
      bar.show(text_of(p));
    return here.signals.take() == 0;
  });
  bar.clear();
  return out;
}

} // namespace

int import(const surroundings& here, const import_arguments& arguments, bool json) {
  const auto done = run(here, arguments);
  if (!done)
    return report(done.error());
  auto text = json ? to_json(*done) : to_text(*done);
  if (!text.ends_with('\n'))
    text += '\n';
  if (!here.out.write(text))
    return exit_failed;
  return done->rejected == 0 ? exit_done : exit_failed;
}

} // namespace flipsync::app
