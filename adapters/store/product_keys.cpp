#include "adapters/store/product_keys.hpp"

#include <sqlite3.h>

#include <new>

#include "adapters/store/columns.hpp"
#include "adapters/store/product_rows.hpp"
#include "runtime/core/text/public_columns.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync {

namespace {

bool says_yes(std::string_view value) {
  const auto key = column_key(value);
  return key == "yes" || key == "true" || key == "y";
}

std::string body_of(const product& item) {
  std::string body = item.sku + ' ' + item.description;
  for (const auto& tag : item.tags)
    body += ' ' + tag;
  // "black" is how a product is looked for, "color" is not; but of "waterproof: yes" the name is.
  for (const auto& [name, value] : item.attributes)
    if (is_public_column(name))
      body += ' ' + (says_yes(value) ? name : value);
  return fold(body);
}

std::string_view text_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return text == nullptr
           ? std::string_view{}
           : std::string_view{text, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

/// What SQLite calls; nothing may be thrown through it.
void body_key_of(sqlite3_context* answer, int, sqlite3_value** values) {
  try {
    product item;
    item.sku = text_of(values[0]);
    item.description = text_of(values[1]);
    item.tags = split_tags(text_of(values[2]));
    item.attributes = attributes_of(text_of(values[3]));
    const auto body = body_of(item);
    sqlite3_result_text64(answer, body.data(), body.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(answer);
  }
}

void tells_public_column(sqlite3_context* answer, int, sqlite3_value** values) {
  try {
    sqlite3_result_int(answer, is_public_column(text_of(values[0])) ? 1 : 0);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(answer);
  }
}

} // namespace

product_keys keys_of(const product& item) {
  return {fold(item.title), fold(item.brand), fold(item.category), fold(item.subcategory),
          body_of(item)};
}

void add_product_functions(sql::connection& db) {
  constexpr int pure = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
  const auto add = [&](const char* name, int arguments, auto* function) {
    if (const int code = sqlite3_create_function_v2(db.handle(), name, arguments, pure, nullptr,
                                                    function, nullptr, nullptr, nullptr);
        code != SQLITE_OK)
      throw sql::failure{code, std::string{"the function "} + name + " was refused"};
  };
  add("body_key_of", 4, body_key_of);
  add("is_public_column", 1, tells_public_column);
}

} // namespace flipsync
