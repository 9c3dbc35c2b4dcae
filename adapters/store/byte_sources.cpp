#include "adapters/store/byte_sources.hpp"

#include <blake3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

namespace flipsync {

namespace {

error unreadable(const std::filesystem::path& file, std::string_view why) {
  return error{errc::invalid_request, "cannot read " + file.string() + ": " + std::string{why}}
    .with("field", "file");
}

class file_source final : public byte_source {
public:
  file_source(std::FILE* file, std::filesystem::path path, std::uint64_t size)
    : file_{file},
      path_{std::move(path)},
      size_{size} {}

  result<std::size_t> read(char* into, std::size_t size) override {
    const auto got = std::fread(into, 1, size, file_.get());
    if (got == 0 && std::ferror(file_.get()))
      return unreadable(path_, std::strerror(errno));
    return got;
  }
  result<void> rewind() override {
    if (std::fseek(file_.get(), 0, SEEK_SET) != 0)
      return unreadable(path_, "it can be read only once (a pipe?)");
    return {};
  }
  [[nodiscard]] std::uint64_t total_bytes() const noexcept override { return size_; }

private:
  struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, closer> file_;
  std::filesystem::path path_;
  std::uint64_t size_;
};

class text_source final : public byte_source {
public:
  explicit text_source(std::string_view text) : text_{text} {}

  result<std::size_t> read(char* into, std::size_t size) override {
    const auto piece = text_.substr(at_, size);
    std::copy(piece.begin(), piece.end(), into);
    at_ += piece.size();
    return piece.size();
  }
  result<void> rewind() override {
    at_ = 0;
    return {};
  }
  [[nodiscard]] std::uint64_t total_bytes() const noexcept override { return text_.size(); }

private:
  std::string_view text_;
  std::size_t at_ = 0;
};

} // namespace

result<std::unique_ptr<byte_source>> open_file_source(const std::filesystem::path& file) {
  std::error_code why;
  if (!std::filesystem::is_regular_file(file, why))
    return unreadable(file, std::filesystem::exists(file, why) ? "it is no file"
                                                               : "there is no such file");
  const auto size = std::filesystem::file_size(file, why);
  std::FILE* handle = std::fopen(file.c_str(), "rbe");
  if (!handle)
    return unreadable(file, std::strerror(errno));
  return std::unique_ptr<byte_source>{new file_source{handle, file, why ? 0 : size}};
}

std::unique_ptr<byte_source> make_text_source(std::string_view text) {
  return std::make_unique<text_source>(text);
}

result<std::string> digest_of(byte_source& source) {
  blake3_hasher hasher;
  blake3_hasher_init(&hasher);
  std::vector<char> buffer(64 * 1024);
  for (;;) {
    const auto got = source.read(buffer.data(), buffer.size());
    if (!got)
      return got.error();
    if (*got == 0)
      break;
    blake3_hasher_update(&hasher, buffer.data(), *got);
  }
  if (auto done = source.rewind(); !done)
    return done.error();
  std::array<std::uint8_t, BLAKE3_OUT_LEN> sum{};
  blake3_hasher_finalize(&hasher, sum.data(), sum.size());
  std::string hex;
  for (const auto byte : sum) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

} // namespace flipsync
