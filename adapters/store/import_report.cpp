#include "adapters/store/import.hpp"
#include "runtime/core/wire/json.hpp"

namespace flipsync {

std::string to_json(const import_report& report) {
  std::string out = "{\"kind\":";
  wire::append_string(out, to_string(report.kind));
  out += ",\"name\":";
  wire::append_string(out, report.name);
  const auto number = [&](std::string_view name, std::uint64_t value) {
    out += ",\"" + std::string{name} + "\":" + std::to_string(value);
  };
  number("rows", report.rows);
  number("inserted", report.inserted);
  number("updated", report.updated);
  number("unchanged", report.unchanged);
  number("skipped", report.skipped);
  number("not_for_sale", report.not_for_sale);
  number("removed", report.removed);
  number("rejected", report.rejected);
  out += ",\"rejections\":[";
  for (const auto& row : report.rejections) {
    if (out.back() != '[')
      out += ',';
    out += "{\"line\":" + std::to_string(row.line) + ",\"reason\":";
    wire::append_string(out, row.reason);
    out += '}';
  }
  out += report.committed ? "],\"committed\":true" : "],\"committed\":false";
  number("catalogue_version", report.catalogue_version);
  return out + '}';
}

std::string to_text(const import_report& report) {
  std::string out = report.name.empty() ? std::string{to_string(report.kind)} : report.name;
  const auto count = [](std::uint64_t n, std::string_view what) {
    return std::to_string(n) + " " + std::string{what};
  };
  out += ": " + count(report.rows, report.rows == 1 ? "row" : "rows") + ": "
         + count(report.inserted, "new") + ", " + count(report.updated, "changed") + ", "
         + count(report.unchanged, "unchanged");
  if (report.skipped > 0)
    out += ", " + count(report.skipped, "image-only passed over");
  if (report.not_for_sale > 0)
    out += ", " + count(report.not_for_sale, "not for sale");
  if (report.removed > 0)
    out += ", " + count(report.removed, "removed");
  if (report.rejected > 0)
    out += ", " + count(report.rejected, "rejected");
  out += '\n';
  for (const auto& row : report.rejections)
    out += "  line " + std::to_string(row.line) + ": " + row.reason + '\n';
  if (report.rejected > report.rejections.size())
    out += "  and " + std::to_string(report.rejected - report.rejections.size()) + " more\n";
  if (!report.committed)
    out += report.dry_run ? "Nothing was changed: this was a dry run.\n"
                          : "Nothing was changed, since rows were rejected.\n";
  return out;
}

} // namespace flipsync
