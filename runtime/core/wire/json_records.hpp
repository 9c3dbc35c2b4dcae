#pragma once
/// The wire form of what the back office shows.

#include <string>

#include "runtime/core/types/budget_view.hpp"
#include "runtime/core/types/conversation_page.hpp"
#include "runtime/core/types/product.hpp"
#include "runtime/core/types/runtime_numbers.hpp"

namespace flipsync::wire {

void append_json(std::string& out, const conversation_summary& conversation);
void append_json(std::string& out, const kept_message& message);
/// `cost` is a member only where it was read.
void append_json(std::string& out, const product& item);
void append_json(std::string& out, const percentiles& latency);
void append_json(std::string& out, const provider_view& provider);
void append_json(std::string& out, const cache_view& cache);
/// A limit of 0 is shown as null.
void append_json(std::string& out, const budget_view& budget);
/// Tokens as {"in","out"}.
void append_json(std::string& out, const token_usage_sum& tokens);

} // namespace flipsync::wire
