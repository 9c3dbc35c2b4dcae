#pragma once
/// Texts packed as a server packs them.

#include <zlib.h>

#include <stdexcept>
#include <string>

namespace flipsync::testing {

inline std::string gzipped(std::string text) {
  z_stream stream{};
  constexpr int gzip = MAX_WBITS + 16;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error{"deflateInit2"};
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int done = deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  if (done != Z_STREAM_END)
    throw std::runtime_error{"deflate"};
  return out;
}

} // namespace flipsync::testing
