#include <array>
#include <cstdio>

#include "tests/support/fake_http_server.hpp"

namespace flipsync::testing {

namespace {

std::string head_line(int status, std::string_view content_type) {
  std::string head = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  if (!content_type.empty())
    head.append("content-type: ").append(content_type).append("\r\n");
  return head;
}

} // namespace

std::string_view fake_request::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name)
      return value;
  return {};
}

fake_response
fake_response::whole(int status, std::string_view content_type, std::string_view body,
                     const std::vector<std::pair<std::string, std::string>>& headers) {
  std::string bytes = head_line(status, content_type);
  for (const auto& [name, value] : headers)
    bytes.append(name).append(": ").append(value).append("\r\n");
  bytes.append("content-length: ").append(std::to_string(body.size())).append("\r\n\r\n");
  bytes.append(body);
  fake_response response;
  response.send(std::move(bytes));
  return response;
}

fake_response fake_response::chunked(int status, std::string_view content_type) {
  fake_response response;
  response.send(head_line(status, content_type).append("transfer-encoding: chunked\r\n\r\n"));
  return response;
}

fake_response fake_response::stream(std::string_view content_type,
                                    const std::vector<std::string>& pieces,
                                    std::chrono::milliseconds gap) {
  auto response = chunked(200, content_type);
  for (const auto& piece : pieces) {
    if (gap.count() > 0)
      response.wait(gap);
    response.chunk(piece);
  }
  response.last_chunk();
  return response;
}

fake_response fake_response::silence() {
  fake_response response;
  response.hang();
  return response;
}

fake_response& fake_response::send(std::string bytes, std::uint32_t times) {
  // One write for what belongs together, as a real server does.
  if (times == 1 && !steps_.empty() && steps_.back().what == action::send
      && steps_.back().times == 1)
    steps_.back().bytes += bytes;
  else
    steps_.push_back({action::send, std::move(bytes), {}, times});
  return *this;
}

fake_response& fake_response::chunk(std::string_view bytes, std::uint32_t times) {
  std::array<char, 20> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  return send(std::string{size.data()}.append(bytes).append("\r\n"), times);
}

fake_response& fake_response::wait(std::chrono::milliseconds time) {
  steps_.push_back({action::wait, {}, time, 1});
  return *this;
}

fake_response& fake_response::close() {
  steps_.push_back({action::close, {}, {}, 1});
  return *this;
}

fake_response& fake_response::reset() {
  steps_.push_back({action::reset, {}, {}, 1});
  return *this;
}

fake_response& fake_response::hang() {
  steps_.push_back({action::hang, {}, {}, 1});
  return *this;
}

fake_response& fake_response::after(std::chrono::milliseconds time) {
  steps_.insert(steps_.begin(), {action::wait, {}, time, 1});
  return *this;
}

} // namespace flipsync::testing
