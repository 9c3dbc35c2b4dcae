#include "tests/bench/data_folder.hpp"

#include <unistd.h>

#include <stdexcept>
#include <system_error>

#include "tests/bench/service.hpp"

namespace flipsync::bench {

data_folder::data_folder(const std::string& name)
  : path_{std::filesystem::temp_directory_path()
          / ("flipsync-" + name + '-' + std::to_string(::getpid()))} {
  std::filesystem::create_directories(path_);
}

data_folder::~data_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void data_folder::import(const std::string& program, const std::string& sample,
                         std::initializer_list<std::string> kinds) const {
  for (const auto& kind : kinds)
    if (run_program(
          {program, "import", sample + '/' + kind + ".csv", "--kind", kind, "--data", data()})
        != 0)
      throw std::runtime_error{"the sample shop could not be imported"};
}

} // namespace flipsync::bench
