#pragma once
/// What the machine must give: files, a folder, a port, the time. Each check changes nothing.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "adapters/bridge/bridge.hpp"
#include "adapters/store/store_check.hpp"
#include "runtime/app/doctor/finding.hpp"

namespace flipsync::app {

/// The folder and its free space, and what was found of the databases in it; `service`: the process
/// that serves from it.
findings check_data(const std::filesystem::path& folder, const result<store_findings>& found,
                    const std::optional<std::string>& service);

/// Whether the door could listen; where a service runs, whether it does.
finding check_port(const bridge_settings& door, const std::optional<std::string>& service);

/// Files and sockets that may be open against those that the settings allow for.
finding check_files(std::uint64_t wanted, std::uint64_t allowed);
/// The process's hard limit.
std::uint64_t allowed_files() noexcept;

/// Whether the clock can be right. `written`: when the data was, as far as is known.
finding check_clock(std::chrono::system_clock::time_point now,
                    std::optional<std::chrono::system_clock::time_point> written,
                    bool synchronised);
/// What the kernel says of its clock.
bool clock_synchronised() noexcept;

} // namespace flipsync::app
