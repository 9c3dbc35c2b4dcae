#pragma once
/// Every setting of FlipSync as plain values, grouped as the configuration file groups them. What
/// each one means, its range and its names in the environment stand in the table of options
/// (config/options.hpp), which docs/configuration.md repeats.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace flipsync::config {

struct server_settings {
  std::string listen = "127.0.0.1:8080";
  bool insecure = false;
  std::uint64_t max_body = 256 * 1024;
  std::uint64_t max_import = 64 * 1024 * 1024;
  std::uint64_t max_headers = 16 * 1024;
  std::chrono::milliseconds request_timeout{10000};
  std::chrono::milliseconds import_timeout{600000};
  std::uint32_t max_connections = 10000;
  std::uint64_t max_buffered = 1024 * 1024;
  std::uint64_t max_pipelined = 64 * 1024;
  std::chrono::milliseconds idle_timeout{60000};
  std::chrono::milliseconds write_timeout{30000};
  std::chrono::milliseconds heartbeat{15000};
  std::uint32_t io_threads = 1;
  std::chrono::milliseconds keep_cores_awake{0};
  std::chrono::milliseconds drain_grace{10000};
  std::uint32_t max_warming = 100;
  bool benchmark = false;
  std::uint32_t max_benchmark = 1000;
};

struct turn_settings {
  std::chrono::milliseconds deadline{30000};
  std::uint32_t max_in_flight = 1000;
  std::uint32_t max_queue_per_conversation = 16;
  std::uint32_t max_conversations = 10000;
  std::chrono::milliseconds passivate_after{60000};
  std::uint32_t history_limit = 20;
  std::uint64_t max_reply = 1024 * 1024;
  std::uint32_t worker_threads = 0;
  std::uint64_t seed = 0;
};

struct session_settings {
  std::uint32_t max_connections = 10000;
  std::uint32_t max_turns = 32;
  std::uint32_t max_waiting_frames = 64;
  std::uint64_t max_frame = 64 * 1024;
  std::uint64_t max_buffered = 1024 * 1024;
  std::chrono::milliseconds ping_interval{30000};
  std::chrono::milliseconds gone_after{120000};
  std::chrono::milliseconds close_timeout{2000};
  std::chrono::milliseconds resume_hold{60000};
  std::uint64_t max_log = 256 * 1024;
  std::uint32_t max_kept_turns = 256;
  std::chrono::milliseconds agents_interval{250};
};

struct supervision_settings {
  std::uint32_t restart_max = 3;
  std::chrono::milliseconds restart_window{30000};
};

struct store_settings {
  std::string data_dir; ///< empty: the XDG data folder
  std::string synchronous = "normal";
  std::chrono::milliseconds keep_conversations{std::chrono::hours{90 * 24}};
  std::uint64_t read_cache = 16 * 1024 * 1024;
  std::chrono::milliseconds read_cache_ttl{600000};
};

/// What is kept of answers, how much and how long.
struct cache_values {
  bool enabled = true;
  bool turns = true;
  std::uint64_t memory = 64 * 1024 * 1024;
  std::uint64_t turn_memory = 32 * 1024 * 1024;
  double max_temperature = 0.7;
  std::vector<std::string> personal{"my name",     "my order",   "my orders",       "my account",
                                    "my address",  "my email",   "my phone",        "my number",
                                    "my password", "my card",    "my payment",      "my birthday",
                                    "my refund",   "my invoice", "my subscription", "i am called"};
  std::vector<std::string> warm;
  std::chrono::milliseconds ttl{900'000};
  std::chrono::milliseconds ttl_conversation{3'600'000};
  std::chrono::milliseconds ttl_products{600'000};
  std::chrono::milliseconds ttl_grammar{86'400'000};
  std::chrono::milliseconds ttl_scenario{7'200'000};
  std::chrono::milliseconds ttl_model{604'800'000};
  std::string redis_url; ///< secret
  std::uint32_t redis_connections = 2;
  std::chrono::milliseconds redis_timeout{1000};
};

/// Which provider and model answers, and how it is asked; an agent's own wish goes before these.
struct models_settings {
  std::string provider = "offline";
  std::vector<std::string> fallbacks{"auto"};
  std::string model; ///< for every tier of the primary; empty: the provider's models
  /// Somebody has set `provider` or `model`, and not only a profile. No option: the loader sets it.
  bool chosen = false;
  std::optional<double> temperature;
  std::optional<std::uint32_t> max_tokens;
  std::optional<double> top_p;
  std::optional<std::uint32_t> top_k;
  std::optional<std::uint32_t> num_ctx;
  std::uint32_t fast_max_tokens = 100; ///< 0: as on any tier, as below
  std::uint32_t fast_num_ctx = 1024;
  std::optional<double> fast_temperature;
  std::vector<std::string> fast_stop;
  std::chrono::milliseconds attempt_timeout{15000};
  std::uint32_t retry_attempts = 3;
  std::chrono::milliseconds retry_base{50};
  std::chrono::milliseconds rate_limit_retry_base{1000};
  std::chrono::milliseconds retry_cap{5000};
  std::chrono::milliseconds list_ttl{60000};
  std::chrono::milliseconds list_timeout{2000};
  std::uint32_t max_connections = 100;               ///< to all providers together
  std::optional<std::uint32_t> max_idle_connections; ///< unset: half of max_connections
  std::string proxy;                                 ///< without a name and password; empty: none
  std::string proxy_login;                           ///< "NAME:PASSWORD" for it; secret
  std::vector<std::string> no_proxy{"localhost", "127.0.0.1", "::1"};
  std::string ca_file; ///< certificates that providers' must descend from; empty: the system's
};

struct ollama_settings {
  std::string host; ///< empty: http://127.0.0.1:11434 where ollama is asked for by name
  std::string model = "gemma3:4b";
  std::string model_fast;
  std::string model_strong;
  std::optional<double> temperature;
  std::optional<std::uint32_t> max_tokens;
  std::optional<std::uint32_t> num_thread;
  std::optional<std::uint32_t> num_batch;
  std::optional<std::int32_t> num_gpu;
  std::string keep_alive = "24h";
  bool prewarm = true;
  std::chrono::milliseconds prewarm_timeout{300000};
  std::uint32_t max_concurrent = 2;
  std::uint32_t max_waiting = 256;
};

/// A provider in the cloud: where it is, who asks, which models answer.
struct hosted_settings {
  std::vector<std::string> api_keys; ///< secret; they go in turn
  std::string api_key_file;
  std::string base_url;
  std::vector<std::string> headers; ///< "NAME: VALUE"; secret
  std::string model;
  std::string model_fast;
  std::string model_strong;
  std::uint32_t context = 0; ///< tokens of its default model; 0: not known
  std::uint32_t max_concurrent = 100;
  std::uint32_t max_waiting = 1000;
};

struct openai_settings : hosted_settings {
  openai_settings() {
    base_url = "https://api.openai.com/v1";
    model = "gpt-4-turbo";
    model_fast = "gpt-3.5-turbo";
    context = 128'000;
  }
};

struct anthropic_settings : hosted_settings {
  anthropic_settings() {
    base_url = "https://api.anthropic.com";
    model = "claude-haiku-5-5";
    model_strong = "claude-opus-5-5";
    context = 1'000'000;
  }
  std::uint32_t max_tokens = 3072; ///< where nobody says how long an answer may be
  std::string effort = "low";      ///< of models that think; "default": their own
  std::uint32_t thinking_tokens = 1024;
};

struct gemini_settings : hosted_settings {
  gemini_settings() {
    base_url = "https://generativelanguage.googleapis.com/v1beta";
    model = "gemini-3.5-flash-lite";
    model_strong = "gemini-3.8-flash";
    context = 1'048'576;
  }
  std::string thinking_level = "low"; ///< of models that think; "default": their own
  std::uint32_t thinking_tokens = 1024;
};

/// Limits of one provider outside the process.
struct provider_limits {
  std::string model_long; ///< for prompts that do not fit the other models; empty: none
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds first_byte_timeout{0};
  std::chrono::milliseconds first_token_timeout{0};
  std::chrono::milliseconds idle_timeout{30000};
  std::uint32_t requests_per_minute = 0;
  std::uint32_t tokens_per_minute = 0;
};

/// What is done about providers that fail, beside what stands in models_settings.
struct conduct_values {
  std::chrono::milliseconds fallback_patience{100};
  std::uint32_t retry_tokens = 10;
  double retry_tokens_per_success = 0.1;
  std::uint32_t breaker_failures = 5;
  std::uint32_t breaker_window = 20;
  std::uint32_t breaker_percent = 50;
  std::chrono::milliseconds breaker_open_for{5000};
  std::chrono::milliseconds key_ejection{600000};
  std::uint32_t hold_tokens = 0;
  std::chrono::milliseconds hedge_after{0};
};

/// Which provider and model a task, a priority and a message go to.
struct routing_values {
  std::string mode = "auto";
  std::vector<std::string> table{
    "genre: ollama | gemini | ollama",          "factual: ollama | gemini | ollama",
    "summary: ollama | gemini | ollama",        "audio: gemini | gemini | ollama",
    "creative: anthropic | anthropic | ollama", "tools: ollama | openai | openai",
    "transcription: ollama | gemini | ollama",  "any: ollama | anthropic openai | ollama gemini",
  };
  std::vector<std::string> limits{
    "genre: 100, 0.1",  "audio: 500, 0.3",   "creative: 2000, 0.8",      "factual: 300, 0.2",
    "tools: 1000, 0.1", "summary: 500, 0.3", "transcription: 1500, 0.2",
  };
  bool by_complexity = true;
};

/// What may be spent on model calls, in dollars; 0: no limit.
struct cost_values {
  double per_request = 0.10;
  double per_conversation = 0;
  double per_tenant = 0;
  double per_day = 10;
  std::uint32_t unlimited_answer = 2048;
  std::string unknown_model = "auto";
  std::string prices_file; ///< empty: only the prices that are built in
};

struct agents_settings {
  std::string file; ///< empty: the roster that is built in
  std::vector<std::string> extra_files;
};

struct shop_settings {
  std::string file; ///< empty: the rules that are built in
};

struct logging_settings {
  std::string level = "info";
};

struct access_settings {
  std::string keys_file; ///< empty: keys.toml in the data folder
  std::string keys;      ///< secret
  std::uint32_t messages_per_minute = 30;
  std::uint32_t tenant_turns_in_flight = 0;
  std::uint32_t tenant_requests_per_minute = 0;
  std::uint32_t max_clients = 100000;
  std::chrono::milliseconds ticket_lifetime{30000};
  std::uint32_t max_tickets = 10000;
  std::vector<std::string> origins;
  std::vector<std::string> host_names;
};

struct idempotency_settings {
  std::chrono::milliseconds lifetime{std::chrono::hours{24}};
  std::uint32_t max_entries = 10000;
  std::uint64_t max_bytes = 64 * 1024 * 1024;
};

struct tls_settings {
  std::string certificate;
  std::string key;
};

struct settings {
  std::string profile = "embedded";
  server_settings server;
  access_settings access;
  idempotency_settings idempotency;
  tls_settings tls;
  turn_settings turn;
  session_settings session;
  supervision_settings supervision;
  store_settings store;
  cache_values cache;
  models_settings models;
  conduct_values conduct;
  routing_values routing;
  cost_values costs;
  ollama_settings ollama;
  openai_settings openai;
  anthropic_settings anthropic;
  gemini_settings gemini;
  provider_limits ollama_limits;
  provider_limits openai_limits;
  provider_limits anthropic_limits;
  provider_limits gemini_limits;
  agents_settings agents;
  shop_settings shop;
  logging_settings log;
};

} // namespace flipsync::config
