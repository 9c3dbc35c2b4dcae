#include "adapters/store/html_entities.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace flipsync {

namespace {

/// The upper half of Latin-1, in its order.
constexpr std::uint32_t first_of_latin_1 = 0xA0;
constexpr std::array<std::string_view, 96> latin_1{
  "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",
  "copy",   "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn",
  "sup2",   "sup3",   "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",
  "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde",
  "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave",
  "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde",
  "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",
  "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
  "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",
  "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
  "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

constexpr std::array<std::pair<std::string_view, std::uint32_t>, 60> symbols{
  {{"amp", 0x26},      {"lt", 0x3C},       {"gt", 0x3E},      {"quot", 0x22},
   {"apos", 0x27},     {"OElig", 0x152},   {"oelig", 0x153},  {"Scaron", 0x160},
   {"scaron", 0x161},  {"Yuml", 0x178},    {"fnof", 0x192},   {"circ", 0x2C6},
   {"tilde", 0x2DC},   {"Omega", 0x3A9},   {"mu", 0x3BC},     {"ensp", 0x2002},
   {"emsp", 0x2003},   {"thinsp", 0x2009}, {"zwnj", 0x200C},  {"zwj", 0x200D},
   {"ndash", 0x2013},  {"mdash", 0x2014},  {"lsquo", 0x2018}, {"rsquo", 0x2019},
   {"sbquo", 0x201A},  {"ldquo", 0x201C},  {"rdquo", 0x201D}, {"bdquo", 0x201E},
   {"dagger", 0x2020}, {"Dagger", 0x2021}, {"bull", 0x2022},  {"hellip", 0x2026},
   {"permil", 0x2030}, {"prime", 0x2032},  {"Prime", 0x2033}, {"lsaquo", 0x2039},
   {"rsaquo", 0x203A}, {"frasl", 0x2044},  {"euro", 0x20AC},  {"trade", 0x2122},
   {"larr", 0x2190},   {"uarr", 0x2191},   {"rarr", 0x2192},  {"darr", 0x2193},
   {"harr", 0x2194},   {"minus", 0x2212},  {"radic", 0x221A}, {"infin", 0x221E},
   {"asymp", 0x2248},  {"ne", 0x2260},     {"le", 0x2264},    {"ge", 0x2265},
   {"loz", 0x25CA},    {"spades", 0x2660}, {"clubs", 0x2663}, {"hearts", 0x2665},
   {"diams", 0x2666},  {"star", 0x2606},   {"starf", 0x2605}, {"check", 0x2713}}};

} // namespace

std::uint32_t html_entity(std::string_view name) noexcept {
  const auto letter = std::find(latin_1.begin(), latin_1.end(), name);
  if (letter != latin_1.end())
    return first_of_latin_1 + static_cast<std::uint32_t>(letter - latin_1.begin());
  const auto symbol = std::find_if(symbols.begin(), symbols.end(),
                                   [&](const auto& known) { return known.first == name; });
  return symbol == symbols.end() ? 0 : symbol->second;
}

} // namespace flipsync
