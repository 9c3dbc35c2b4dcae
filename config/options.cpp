#include "config/options.hpp"

#include <algorithm>
#include <numeric>

#include "config/access_options.hpp"
#include "config/bind.hpp"
#include "config/live_options.hpp"
#include "config/option_tables.hpp"
#include "config/option_units.hpp"

namespace flipsync::config {
namespace {

using table = std::vector<option>;
using s = settings;

option profile_option() {
  option o;
  o.path = "profile";
  o.doc =
    "What the other defaults suit: embedded answers from the shop's own data without a model, "
    "development asks a local ollama, production asks openai.";
  o.type = option_type::choice;
  o.choices = {"embedded", "development", "production"};
  o.variables = {"FLIPSYNC_ENV"};
  o.get = [](const settings& values) { return option_value{values.profile}; };
  o.set = [](settings& values, const option_value& v) {
    values.profile = std::get<std::string>(v);
  };
  return o;
}

void add_server(table& t) {
  using g = server_settings;
  t.push_back(bind<&s::server, &g::listen>(
    "server.listen", "Address and port of the HTTP door; port 0 picks a free one."));
  t.push_back(bind<&s::server, &g::insecure>(
    "server.insecure",
    "Allows a listener that is not loopback although there are no API keys, so that everybody may "
    "everything."));
  t.push_back(bind<&s::server, &g::max_body>("server.max_body", "Largest request body.")
                .as(option_type::bytes)
                .between(kib, 64 * mib));
  t.push_back(
    bind<&s::server, &g::max_import>("server.max_import", "Largest file that a request imports.")
      .as(option_type::bytes)
      .between(kib, 4 * gib));
  t.push_back(
    bind<&s::server, &g::max_headers>("server.max_headers", "Largest request header block.")
      .as(option_type::bytes)
      .between(kib, mib));
  t.push_back(bind<&s::server, &g::request_timeout>("server.request_timeout",
                                                    "Time a client has to send a whole request.")
                .between(100, 10 * minute));
  t.push_back(bind<&s::server, &g::import_timeout>("server.import_timeout",
                                                   "Time a client has to send a file to import.")
                .between(100, day));
  t.push_back(bind<&s::server, &g::max_connections>("server.max_connections",
                                                    "Connections at once; more are refused.")
                .between(1, 1'000'000));
  t.push_back(bind<&s::server, &g::max_buffered>(
                "server.max_buffered",
                "Bytes of a stream that may wait for a slow reader before it is cut off.")
                .as(option_type::bytes)
                .between(4 * kib, 64 * mib));
  t.push_back(
    bind<&s::server, &g::max_pipelined>(
      "server.max_pipelined", "Bytes of later requests taken in while an earlier one is answered.")
      .as(option_type::bytes)
      .between(kib, 64 * mib));
  t.push_back(bind<&s::server, &g::idle_timeout>(
                "server.idle_timeout", "Time a connection may stay open between two requests.")
                .between(100, hour));
  t.push_back(bind<&s::server, &g::write_timeout>("server.write_timeout",
                                                  "Time a client may take no byte of its response.")
                .between(100, hour));
  t.push_back(bind<&s::server, &g::heartbeat>("server.heartbeat",
                                              "Pause after which a silent stream gets a comment.")
                .between(second, 10 * minute));
  t.push_back(bind<&s::server, &g::io_threads>(
                "server.io_threads", "Threads that move bytes between sockets and turns; one "
                                     "alone makes the calls to providers, too.")
                .between(1, 64));
  t.push_back(
    bind<&s::server, &g::keep_cores_awake>(
      "server.keep_cores_awake",
      "Time for which the machine's cores are kept from sleeping once something has come "
      "from a client or gone to one, so that dense requests do not wait for cores to wake "
      "(docs/operations.md); needs write access to /dev/cpu_dma_latency. 0ms: they may "
      "sleep.")
      .between(0, minute));
  t.push_back(
    bind<&s::server, &g::drain_grace>(
      "server.drain_grace", "Time that running turns have to finish once we are told to end.")
      .between(0, 10 * minute));
  t.push_back(bind<&s::server, &g::max_warming>("server.max_warming",
                                                "Messages of one request that warms the caches.")
                .between(1, 10'000));
  t.push_back(bind<&s::server, &g::benchmark>(
    "server.benchmark",
    "Lets operators run the built-in benchmark, POST /api/v1/benchmark: real turns, which cost "
    "what turns cost."));
  t.push_back(bind<&s::server, &g::max_benchmark>("server.max_benchmark",
                                                  "Turns of one run of the built-in benchmark.")
                .between(1, 100'000));
}

void add_turn(table& t) {
  using g = turn_settings;
  t.push_back(bind<&s::turn, &g::deadline>(
                "turn.deadline", "Time a turn may take, unless the request says otherwise.")
                .between(1, 10 * minute));
  t.push_back(bind<&s::turn, &g::max_in_flight>("turn.max_in_flight",
                                                "Turns at once; more are refused as overloaded.")
                .between(1, 1'000'000));
  t.push_back(bind<&s::turn, &g::max_queue_per_conversation>(
                "turn.max_queue_per_conversation",
                "Turns that may wait in one conversation behind the running one.")
                .between(0, 1000));
  t.push_back(bind<&s::turn, &g::max_conversations>(
                "turn.max_conversations",
                "Conversations in memory; beyond it the one idle longest is left to the store.")
                .between(1, 1'000'000));
  t.push_back(
    bind<&s::turn, &g::passivate_after>(
      "turn.passivate_after", "Idle time after which a conversation is left to the store.")
      .between(second, day));
  t.push_back(bind<&s::turn, &g::history_limit>("turn.history_limit",
                                                "Messages that a conversation keeps at hand.")
                .between(0, 1000));
  t.push_back(bind<&s::turn, &g::max_reply>("turn.max_reply", "Longest answer taken from a model.")
                .as(option_type::bytes)
                .between(kib, 64 * mib));
  t.push_back(bind<&s::turn, &g::worker_threads>(
                "turn.worker_threads", "Threads that run actors; 0 is one per core and at least 2.")
                .between(0, 1024));
  t.push_back(
    bind<&s::turn, &g::seed>(
      "turn.seed",
      "Seed of ids and jitter, for runs that are to be repeated: their ids can be foreseen. 0 "
      "takes both from the operating system.")
      .between(0, 9'007'199'254'740'992.0));
}

void add_session_limits(table& t) {
  using g = session_settings;
  t.push_back(
    bind<&s::session, &g::max_connections>(
      "session.max_connections", "WebSockets at once; more are closed as soon as they have opened.")
      .between(1, 1'000'000)
      .env({"WS_MAX_CONNECTIONS"}));
  t.push_back(bind<&s::session, &g::max_turns>("session.max_turns",
                                               "Turns that one WebSocket may have running.")
                .between(1, 10'000));
  t.push_back(bind<&s::session, &g::max_waiting_frames>(
                "session.max_waiting_frames",
                "Frames of one WebSocket that may wait to be looked at; it is not read from "
                "beyond that.")
                .between(1, 10'000));
  t.push_back(
    bind<&s::session, &g::max_frame>("session.max_frame", "Largest frame of a WebSocket's client.")
      .as(option_type::bytes)
      .between(kib, 64 * mib));
  t.push_back(
    bind<&s::session, &g::max_buffered>(
      "session.max_buffered",
      "Bytes that may wait for a WebSocket's client that takes none before it is cut off; sixteen "
      "times as many for any.")
      .as(option_type::bytes)
      .between(4 * kib, 64 * mib));
}

void add_session_times(table& t) {
  using g = session_settings;
  t.push_back(bind<&s::session, &g::ping_interval>(
                "session.ping_interval", "Silence after which a WebSocket's client is pinged.")
                .between(100, hour));
  t.push_back(bind<&s::session, &g::gone_after>(
                "session.gone_after", "Silence after which a WebSocket's client counts as gone.")
                .between(100, hour));
  t.push_back(bind<&s::session, &g::close_timeout>(
                "session.close_timeout",
                "Time a WebSocket's client may take for the opening or the closing handshake.")
                .between(100, minute));
  t.push_back(bind<&s::session, &g::resume_hold>(
                "session.resume_hold",
                "Time that a dropped client has to resume its turns, and that a detached "
                "turn's events are kept after its end.")
                .between(100, hour));
  t.push_back(bind<&s::session, &g::max_log>("session.max_log",
                                             "Bytes of events kept of one turn for a client that "
                                             "resumes; the oldest go first.")
                .as(option_type::bytes)
                .between(kib, 64 * mib));
  t.push_back(bind<&s::session, &g::max_kept_turns>("session.max_kept_turns",
                                                    "Turns whose events are kept at once.")
                .between(1, 1'000'000));
  t.push_back(bind<&s::session, &g::agents_interval>(
                "session.agents_interval", "Least pause between two events about agents' states.")
                .between(10, minute));
}

void add_supervision(table& t) {
  using g = supervision_settings;
  t.push_back(bind<&s::supervision, &g::restart_max>(
                "supervision.restart_max",
                "Restarts of an agent within the window before it is given up and reported down.")
                .between(0, 1000));
  t.push_back(bind<&s::supervision, &g::restart_window>("supervision.restart_window",
                                                        "The window in which restarts are counted.")
                .between(second, day));
}

void add_store(table& t) {
  using g = store_settings;
  t.push_back(
    bind<&s::store, &g::data_dir>(
      "store.data_dir", "Folder of the database; empty is flipsync under the XDG data folder.")
      .file_name());
  t.push_back(bind<&s::store, &g::synchronous>(
                "store.synchronous",
                "full also survives a power cut at the cost of a disk flush per commit; normal "
                "survives a crash of the program.")
                .one_of({"normal", "full"}));
  t.push_back(
    bind<&s::store, &g::keep_conversations>(
      "store.keep_conversations", "Conversations silent for longer are deleted, a few at a time.")
      .between(day, 3650 * day));
  t.push_back(
    bind<&s::store, &g::read_cache>("store.read_cache", "Memory for repeated product reads.")
      .as(option_type::bytes)
      .between(0, 2 * gib));
  t.push_back(bind<&s::store, &g::read_cache_ttl>("store.read_cache_ttl",
                                                  "Time after which a product read is made again.")
                .between(0, day));
}

void add_models(table& t) {
  using g = models_settings;
  t.push_back(bind<&s::models, &g::provider>("models.provider", "The provider that is asked first.")
                .one_of({"offline", "ollama", "openai", "anthropic", "gemini"})
                .env({"LLM_PROVIDER"}));
  t.push_back(bind<&s::models, &g::fallbacks>("models.fallbacks",
                                              "Providers asked in this order when the first is "
                                              "unavailable; \"auto\" is every other one that "
                                              "is configured."));
  t.push_back(bind<&s::models, &g::model>(
                "models.model", "Model of the first provider for every tier; empty leaves it "
                                "to the provider's own section.")
                .env({"LLM_MODEL"}));
  t.push_back(bind<&s::models, &g::temperature>("models.temperature",
                                                "Temperature where the agent names none.")
                .between(0, 2));
  t.push_back(bind<&s::models, &g::max_tokens>(
                "models.max_tokens", "Longest answer in tokens where the agent names none.")
                .between(1, 1'000'000)
                .env({"MODEL_MAX_TOKENS"}));
  t.push_back(bind<&s::models, &g::top_p>("models.top_p", "Nucleus sampling.").between(0, 1));
  t.push_back(bind<&s::models, &g::top_k>("models.top_k", "Sampling among the k likeliest tokens.")
                .between(1, 1000));
  t.push_back(
    bind<&s::models, &g::num_ctx>("models.num_ctx", "Context window of a local model, in tokens.")
      .between(128, 10'000'000)
      .env({"MODEL_N_CTX"}));
}

void add_fast_tier(table& t) {
  using g = models_settings;
  t.push_back(bind<&s::models, &g::fast_max_tokens>(
                "models.fast_max_tokens",
                "Longest answer of the fast tier's model, where it is another one than the default "
                "tier's; an answer that it would end is told by that one. 0: as on any tier.")
                .between(0, 1'000'000));
  t.push_back(bind<&s::models, &g::fast_num_ctx>(
                "models.fast_num_ctx",
                "Context window of that model where it is a local one, at most models.num_ctx; a "
                "prompt that may not fit goes to the default tier's model. 0: as on any tier.")
                .between(0, 10'000'000));
  t.push_back(bind<&s::models, &g::fast_temperature>(
                "models.fast_temperature", "Temperature of that model where the agent names none.")
                .between(0, 2));
  t.push_back(
    bind<&s::models, &g::fast_stop>("models.fast_stop", "What ends its answers; at most 4."));
}

void add_model_conduct(table& t) {
  using g = models_settings;
  t.push_back(bind<&s::models, &g::max_connections>(
                "models.max_connections",
                "Connections to all providers together; each call under way has one of its own.")
                .between(1, 10000));
  t.push_back(bind<&s::models, &g::max_idle_connections>(
                "models.max_idle_connections",
                "Connections to providers kept open without a call; unset, half of "
                "models.max_connections. More stay open for some seconds after more were in use at "
                "once.")
                .between(1, 10000));
  t.push_back(bind<&s::models, &g::proxy>(
    "models.proxy", "Proxy through which providers are called, as http://HOST:PORT (or https://, "
                    "socks5h://); empty is none."));
  t.push_back(
    bind<&s::models, &g::proxy_login>(
      "models.proxy_login", "NAME:PASSWORD for the proxy, where it wants one (Basic over HTTP).")
      .hidden());
  t.push_back(bind<&s::models, &g::no_proxy>(
    "models.no_proxy", "Hosts that are called without it; a name stands for its subdomains too."));
  t.push_back(bind<&s::models, &g::ca_file>(
                "models.ca_file",
                "PEM file of the certificates that providers' must descend from, instead of "
                "the system's: for model servers with a certificate of one's own.")
                .file_name());
  t.push_back(bind<&s::models, &g::attempt_timeout>(
                "models.attempt_timeout",
                "Time one attempt at a provider may take, within the turn's deadline.")
                .between(1, 10 * minute));
  t.push_back(
    bind<&s::models, &g::retry_attempts>("models.retry_attempts", "Tries at one provider in all.")
      .between(1, 10));
  t.push_back(bind<&s::models, &g::retry_base>("models.retry_base",
                                               "First pause of the backoff after a fault.")
                .between(1, minute));
  t.push_back(bind<&s::models, &g::rate_limit_retry_base>(
                "models.rate_limit_retry_base",
                "First pause of the backoff when a provider limits us and does not say how long.")
                .between(1, 10 * minute));
  t.push_back(bind<&s::models, &g::retry_cap>("models.retry_cap", "Longest pause of the backoff.")
                .between(1, 10 * minute));
  t.push_back(bind<&s::models, &g::list_ttl>("models.list_ttl",
                                             "How long a provider's list of models is believed.")
                .between(second, day));
  t.push_back(bind<&s::models, &g::list_timeout>(
                "models.list_timeout", "How long is waited for the providers' lists of models.")
                .between(1, minute));
}

void add_files_and_log(table& t) {
  t.push_back(bind<&s::agents, &agents_settings::file>(
                "agents.file", "TOML file of the agents; empty is the roster that is built in.")
                .file_name());
  t.push_back(bind<&s::agents, &agents_settings::extra_files>(
                "agents.extra_files",
                "Further files of agents, added to the roster; a name that is there "
                "already is replaced.")
                .file_name());
  t.push_back(bind<&s::shop, &shop_settings::file>(
                "shop.file", "TOML file of the shop's rules; empty is the rules that are built in.")
                .file_name());
  t.push_back(bind<&s::log, &logging_settings::level>("log.level", "What is logged, on stderr.")
                .one_of({"trace", "debug", "info", "warn", "error", "off"})
                .env({"LOG_LEVEL"}));
}

table make_table() {
  table t;
  t.push_back(profile_option());
  add_server(t);
  add_access_options(t);
  add_turn(t);
  add_session_limits(t);
  add_session_times(t);
  add_supervision(t);
  add_store(t);
  add_caches(t);
  add_models(t);
  add_fast_tier(t);
  add_model_conduct(t);
  add_fault_conduct(t);
  add_routing(t);
  add_costs(t);
  add_providers(t);
  add_files_and_log(t);
  for (auto& each : t)
    each.live = is_live(each.path);
  return t;
}

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

} // namespace

const std::vector<option>& options() {
  static const table all = make_table();
  return all;
}

const option* find_option(std::string_view path) {
  const auto& all = options();
  const auto at =
    std::find_if(all.begin(), all.end(), [&](const option& o) { return o.path == path; });
  return at == all.end() ? nullptr : &*at;
}

std::string nearest_option(std::string_view path) {
  std::string best;
  std::size_t best_distance = 4; // more than three letters off is another word
  for (const auto& o : options()) {
    if (const auto d = distance(path, o.path); d < best_distance) {
      best = o.path;
      best_distance = d;
    }
  }
  return best;
}

const std::vector<idle_variable>& idle_variables() {
  static const std::vector<idle_variable> all{
    {"OLLAMA_USE_FAST_FOR_VOICE", "this version takes no voice"},
    {"ENABLE_METRICS", "metrics are always on"},
    {"WHISPER_HOST", "this version takes no voice"},
    {"WHISPER_MODEL", "this version takes no voice"},
    {"WHISPER_LANGUAGE", "this version takes no voice"},
    {"PIPER_HOST", "this version speaks no answers"},
    {"PIPER_VOICE", "this version speaks no answers"},
  };
  return all;
}

} // namespace flipsync::config
