#include "config/check.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync::config;
using names = std::vector<std::string>;

TEST_CASE("the defaults do not contradict each other") { CHECK(contradictions({}).empty()); }

TEST_CASE("addresses to listen on are read with name, IPv4 and IPv6") {
  CHECK(parse_listen("127.0.0.1:8080").value() == listen_address{"127.0.0.1", 8080});
  CHECK(parse_listen("localhost:0").value() == listen_address{"localhost", 0});
  CHECK(parse_listen("[::1]:443").value() == listen_address{"::1", 443});
}

TEST_CASE("what is no address is refused") {
  for (const auto* text :
       {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:80a", "::1:8080", "[127.0.0.1]:80", "[]:80"}) {
    INFO(text);
    CHECK(parse_listen(text).has_error());
  }
}

TEST_CASE("openai without a key is said at the start, unless another server is named") {
  settings s;
  s.models.provider = "openai";
  REQUIRE(contradictions(s).size() == 1);
  CHECK(contradictions(s).front().find("OPENAI_API_KEY") != std::string::npos);
  s.openai.base_url = "http://127.0.0.1:9000/v1";
  CHECK(contradictions(s).empty());
  s.openai.base_url = "https://API.openai.com/v1/";
  REQUIRE(contradictions(s).size() == 1);
  CHECK(contradictions(s).front().find("OPENAI_API_KEY") != std::string::npos);
  s.openai.base_url = "127.0.0.1:9000";
  CHECK(contradictions(s).front().starts_with("openai.base_url"));
}

TEST_CASE("openai as a named fallback needs its key too") {
  settings s;
  s.models.provider = "ollama";
  s.models.fallbacks = {"openai"};
  CHECK(contradictions(s).size() == 1);
  s.openai.api_keys = {"k"};
  CHECK(contradictions(s).empty());
}

TEST_CASE("offline never stands in for a provider that failed") {
  settings s;
  s.models.provider = "ollama";
  s.models.fallbacks = {"offline"};
  CHECK(contradictions(s).size() == 1);
  s.models.fallbacks = {"nobody"};
  CHECK(contradictions(s).size() == 1);
  s.models.fallbacks = {"auto"};
  CHECK(fallback_chain(s).empty());
}

TEST_CASE("auto falls back to what is configured, without the primary") {
  settings s;
  s.models.provider = "ollama";
  CHECK(fallback_chain(s).empty());
  s.openai.api_keys = {"k"};
  CHECK(fallback_chain(s) == names{"openai"});
  s.models.provider = "openai";
  CHECK(fallback_chain(s).empty());
  s.ollama.host = "http://127.0.0.1:11434";
  CHECK(fallback_chain(s) == names{"ollama"});
}

TEST_CASE("a named order is kept, and auto adds only what is missing") {
  settings s;
  s.models.provider = "offline";
  s.ollama.host = "gpu";
  s.openai.api_keys = {"k"};
  CHECK(fallback_chain(s).empty());
  s.models.provider = "ollama";
  s.models.fallbacks = {"openai", "auto", "openai"};
  CHECK(fallback_chain(s) == names{"openai"});
  s.models.fallbacks = {};
  CHECK(fallback_chain(s).empty());
}

TEST_CASE("every configured provider is built, for agents that name it") {
  settings s;
  CHECK(configured_providers(s) == names{"offline"});
  s.openai.api_keys = {"k"};
  CHECK(configured_providers(s) == names{"offline", "openai"});
  s.models.provider = "ollama";
  CHECK(configured_providers(s) == names{"ollama", "openai", "offline"});
}

TEST_CASE("each provider in the cloud needs its key where it is named, and says which variable") {
  for (const std::string name : {"anthropic", "gemini", "openai"}) {
    settings s;
    s.models.provider = name;
    REQUIRE(contradictions(s).size() == 1);
    CHECK(contradictions(s).front().starts_with(name + ".api_key: "));
    CHECK(contradictions(s).front().find("_API_KEY") != std::string::npos);
    for_each_hosted(s,
                    [](const std::string&, hosted_settings& hosted) { hosted.api_keys = {"k"}; });
    CHECK(contradictions(s).empty());
  }
}

TEST_CASE("the usual order is ollama, gemini, anthropic, openai, with ollama last in production") {
  settings s;
  s.models.provider = "openai";
  for_each_hosted(s, [](const std::string&, hosted_settings& hosted) { hosted.api_keys = {"k"}; });
  s.ollama.host = "gpu";
  CHECK(fallback_chain(s) == names{"ollama", "gemini", "anthropic"});
  s.profile = "production";
  CHECK(fallback_chain(s) == names{"gemini", "anthropic", "ollama"});
  s.models.provider = "gemini";
  CHECK(fallback_chain(s) == names{"anthropic", "openai", "ollama"});
}

TEST_CASE("a header is a name and a value, and a wrong one is not repeated") {
  const auto header = parse_header("X-Title:  my shop ");
  REQUIRE(header.has_value());
  CHECK(header->first == "X-Title");
  CHECK(header->second == "my shop");
  CHECK(parse_header("a: b: c")->second == "b: c");
  for (const auto* text : {"", "x", ":", ": v", "n:", "n: ", "na me: v", "n: a\r\nb: c", "n\n: v"})
    CHECK_FALSE(parse_header(text).has_value());
  settings s;
  s.openai.headers = {"fine: yes", "secret without colon"};
  REQUIRE(contradictions(s).size() == 1);
  CHECK(contradictions(s).front() == "openai.headers: entry 2 is not NAME: VALUE");
}

TEST_CASE("a proxy needs a scheme that is known and no password, and its words are not repeated") {
  settings s;
  for (const char* sound :
       {"", "http://proxy:3128", "https://proxy:3128", "socks5h://[::1]:1080"}) {
    s.models.proxy = sound;
    CHECK(contradictions(s).empty());
  }
  for (const char* wrong :
       {"proxy:3128", "http://", "ftp://proxy", "http://me:secret@proxy:3128", "http://a, b"}) {
    s.models.proxy = wrong;
    REQUIRE(contradictions(s).size() == 1);
    CHECK(contradictions(s).front().starts_with("models.proxy: "));
    CHECK(contradictions(s).front().find("secret") == std::string::npos);
  }
  s.models.proxy.clear();
  s.models.proxy_login = "me:secret";
  REQUIRE(contradictions(s).size() == 1);
  CHECK(contradictions(s).front() == "models.proxy_login: there is no models.proxy that it is for");
  s.models.proxy = "http://proxy:3128";
  for (const char* sound : {"me:secret", "me:", "me:a:b"}) {
    s.models.proxy_login = sound;
    CHECK(contradictions(s).empty());
  }
  for (const char* wrong : {"secret", ":secret", "me:secret\r\nX: y"}) {
    s.models.proxy_login = wrong;
    REQUIRE(contradictions(s).size() == 1);
    CHECK(contradictions(s).front() == "models.proxy_login: it is not NAME:PASSWORD");
  }
  s.models.proxy.clear();
  s.models.proxy_login.clear();
  s.models.no_proxy = {"localhost", "http://localhost", ""};
  CHECK(contradictions(s).size() == 2);
}

TEST_CASE("a name and password in a provider's address are refused and not repeated") {
  settings s;
  for_each_hosted(s, [](const std::string&, hosted_settings& hosted) {
    hosted.base_url = "https://me:word@host/v1";
  });
  s.ollama.host = "me:a word@gpu";
  const auto wrong = contradictions(s);
  REQUIRE(wrong.size() == 4);
  for (const auto& line : wrong) {
    INFO(line);
    CHECK(line.find("name and password") != std::string::npos);
    CHECK(line.find("headers") != std::string::npos);
    CHECK(line.find("me:") == std::string::npos);
    CHECK(line.find("host/v1") == std::string::npos);
  }
}
