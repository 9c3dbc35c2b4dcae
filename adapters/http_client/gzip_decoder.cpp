#include "adapters/http_client/gzip_decoder.hpp"

#include <zlib.h>

#include <array>

namespace flipsync::http {

namespace {

/// The largest window, and the header of gzip or zlib, whichever is there (zlib's manual).
constexpr int any_header = MAX_WBITS + 32;

} // namespace

gzip_decoder::gzip_decoder()
  : stream_{std::make_unique<z_stream>()},
    ready_{inflateInit2(stream_.get(), any_header) == Z_OK} {}

gzip_decoder::~gzip_decoder() {
  if (ready_)
    inflateEnd(stream_.get());
}

gzip_decoder::outcome gzip_decoder::feed(std::string_view bytes,
                                         const std::function<bool(std::string_view)>& sink) {
  if (!ready_)
    return outcome::broken;
  // zlib only reads what it is given, whatever its type says.
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream_->avail_in = static_cast<uInt>(bytes.size());
  std::array<char, std::size_t{16} * 1024> piece;
  bool filled = false; // there may be more where it came from
  while (stream_->avail_in > 0 || filled) {
    if (complete_) { // another stream follows
      if (inflateReset(stream_.get()) != Z_OK)
        return outcome::broken;
      complete_ = false;
    }
    stream_->next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_->avail_out = static_cast<uInt>(piece.size());
    const int state = inflate(stream_.get(), Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
      return outcome::broken;
    complete_ = state == Z_STREAM_END;
    filled = !complete_ && stream_->avail_out == 0;
    const std::size_t size = piece.size() - stream_->avail_out;
    if (size > 0 && !sink({piece.data(), size}))
      return outcome::stopped;
  }
  return outcome::good;
}

} // namespace flipsync::http
