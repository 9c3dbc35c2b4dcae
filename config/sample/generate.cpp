#include "config/sample/generate.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "config/sample/catalogue.hpp"

namespace flipsync::sample {

namespace {

/// SplitMix64 (Steele, Lea, Flood 2014).
class generator {
public:
  explicit generator(std::uint64_t seed) : state_{seed} {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  /// From low to high, both included.
  int between(int low, int high) {
    return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(int percent) { return between(1, 100) <= percent; }
  template <class Range>
  const auto& one_of(const Range& range) {
    return range[static_cast<std::size_t>(between(0, static_cast<int>(std::size(range)) - 1))];
  }

private:
  std::uint64_t state_;
};

/// A product with what the other files need to know of it.
struct made_product {
  const category* kind = nullptr;
  std::string sku;
  int price = 0;
  int weight = 0;                  ///< of being ordered, relative
  int units_sold = 0;              ///< in the 90 days, by lines that count
  std::array<std::string, 8> head; ///< sku to cost, ready as cells
  std::array<std::string, 8> tail; ///< weight to the last attribute
};

constexpr int days_of_orders = 90;

std::string cents(int amount) {
  const auto rest = amount % 100;
  return std::to_string(amount / 100) + (rest < 10 ? ".0" : ".") + std::to_string(rest);
}

/// Hundredths as a decimal.
std::string hundredths(int value) { return cents(value); }

std::string quoted(std::string_view text) {
  if (text.find_first_of(",\"\n") == std::string_view::npos)
    return std::string{text};
  std::string out = "\"";
  for (const char c : text) {
    out += c;
    if (c == '"')
      out += c;
  }
  return out + '"';
}

template <class Cells>
void add_row(std::string& out, const Cells& cells) {
  bool first = true;
  for (const auto& cell : cells) {
    if (!first)
      out += ',';
    first = false;
    out += quoted(cell);
  }
  out += '\n';
}

void add_row(std::string& out, std::initializer_list<std::string> cells) {
  add_row<std::initializer_list<std::string>>(out, cells);
}

/// "-3d7h12m".
std::string back(int minutes) {
  std::string out = "-";
  if (minutes >= 24 * 60)
    out += std::to_string(minutes / (24 * 60)) + "d";
  if (minutes % (24 * 60) >= 60)
    out += std::to_string(minutes / 60 % 24) + "h";
  if (minutes % 60 > 0 || out == "-")
    out += std::to_string(minutes % 60) + "m";
  return out;
}

/// Prices end in .99, .49 or .00, as shops write them.
int shop_price(int amount) {
  return amount < 1000 ? amount / 50 * 50 + 49 : amount / 100 * 100 + 99;
}

// --- products -----------------------------------------------------------------------------------

std::string title_of(const category& kind, const item& what, std::size_t line,
                     std::string_view brand, std::string_view color, int vintage) {
  std::string title = std::string{brand} + " ";
  if (kind.age_restricted)
    return title + std::string{what.noun} + " " + std::string{kind.lines[line]} + " "
           + std::to_string(vintage);
  title += std::string{kind.lines[line]} + " " + std::string{what.noun};
  return color.empty() ? title : title + ", " + std::string{color};
}

std::string_view region_of(std::string_view brand) {
  return brand == "Domaine Castellar"   ? "Languedoc"
         : brand == "Weingut Rosenfels" ? "Pfalz"
         : brand == "Villa Terranova"   ? "Toscana"
                                        : "Rioja";
}

made_product make_product(generator& dice, const category& kind, std::size_t number,
                          std::size_t line) {
  const auto& what = kind.items[number];
  const auto brand = kind.brands[(number + line) % kind.brands.size()];
  const auto color = kind.colors[(number * 3 + line) % kind.colors.size()];
  const int vintage = kind.age_restricted ? 2016 + dice.between(0, 7) : 0;
  // The plain line costs about three quarters, the fine one a half more.
  constexpr std::array share{74, 100, 152};
  made_product out;
  out.kind = &kind;
  out.price = shop_price(what.price * share[line] / 100);
  out.sku = std::string{kind.code} + "-" + std::to_string(1001 + number * 10 + line);
  // Every shop lives on a few best sellers.
  const int luck = dice.chance(6) ? 25 : dice.chance(20) ? 4 : 1;
  const int liking = dice.between(2, 30) * (line == 1 ? 3 : 2);
  out.weight = kind.popularity * luck * liking * 1500 / (out.price + 1500) + 1;
  const auto cost = out.price * (100 - kind.margin_percent + dice.between(-6, 6)) / 100;
  const auto description = std::string{what.feature} + ". The " + std::string{kind.lines[line]}
                           + " line by " + std::string{brand}
                           + (line == 2 ? ", made for those who want the best." : ".");
  out.head = {out.sku, title_of(kind, what, line, brand, color, vintage), cents(out.price),
              std::string{brand}, std::string{kind.name}, std::string{what.subcategory},
              description,
              // A few have no cost on file, as in every real shop.
              dice.chance(3) ? std::string{} : cents(cost)};
  out.tail = {std::to_string(what.weight),
              std::string{kind.tags},
              kind.age_restricted ? "true" : "false",
              std::string{color},
              std::string{what.size},
              std::string{what.material},
              vintage > 0 ? std::to_string(vintage) : "",
              std::string{kind.age_restricted ? region_of(brand) : ""}};
  return out;
}

std::vector<made_product> make_products(generator& dice) {
  std::vector<made_product> out;
  for (const auto& kind : categories())
    for (std::size_t number = 0; number < kind.items.size(); ++number)
      for (std::size_t line = 0; line < kind.lines.size(); ++line)
        out.push_back(make_product(dice, kind, number, line));
  return out;
}

struct stock_figures {
  int stock = 0;
  int max_stock = 0;
  int lead_days = 0;
};

/// Most are well stocked; some are empty, about to run out, or lie in heaps.
stock_figures make_stock(generator& dice, int units_sold) {
  stock_figures out;
  out.lead_days = dice.between(3, 21);
  const auto cover = [&](int days) { return std::max(1, units_sold * days / days_of_orders); };
  out.max_stock = std::max(10, cover(120));
  const int fate = dice.between(1, 100);
  if (fate <= 4)
    out.stock = 0;
  else if (fate <= 20)
    out.stock = cover(out.lead_days);
  else if (fate <= 27)
    out.stock = cover(dice.between(220, 420)) + 20;
  else
    out.stock = cover(dice.between(35, 130));
  return out;
}

std::string write_products(generator& dice, const std::vector<made_product>& products) {
  std::string out;
  add_row(out, {"sku",
                "title",
                "price",
                "brand",
                "category",
                "subcategory",
                "description",
                "cost",
                "stock",
                "max_stock",
                "velocity_per_day",
                "lead_time_days",
                "weight_g",
                "tags",
                "age_restricted",
                "color",
                "size",
                "material",
                "vintage",
                "region"});
  for (const auto& p : products) {
    const auto figures = make_stock(dice, p.units_sold);
    std::vector<std::string> cells{p.head.begin(), p.head.end()};
    cells.push_back(std::to_string(figures.stock));
    cells.push_back(std::to_string(figures.max_stock));
    cells.push_back(hundredths(p.units_sold * 100 / days_of_orders));
    cells.push_back(std::to_string(figures.lead_days));
    cells.insert(cells.end(), p.tail.begin(), p.tail.end());
    add_row(out, cells);
  }
  return out;
}

// --- rivals' prices -----------------------------------------------------------------------------

struct rival {
  std::string_view name;
  std::string_view marketplace;
  int usual_percent; ///< of our price
};
constexpr std::array<rival, 6> rivals{{{"Halden Direct", "amazon", 98},
                                       {"BrightCart", "amazon", 101},
                                       {"DealHarbor", "ebay", 94},
                                       {"ValueNest", "walmart", 97},
                                       {"Parcel & Pine", "storefront", 106},
                                       {"OmniBarn", "walmart", 103}}};

/// One rival's prices of one product, oldest first: a walk around its usual level.
void write_walk(generator& dice, std::string& out, const made_product& p, const rival& who) {
  int percent = who.usual_percent + dice.between(-5, 5);
  int day = dice.between(25, 45);
  const int steps = dice.between(2, 4);
  for (int step = 0; step < steps; ++step) {
    const bool last = step + 1 == steps;
    const int minutes =
      last ? dice.between(20, 3 * 24 * 60) : day * 24 * 60 + dice.between(0, 1439);
    add_row(out, {p.sku, std::string{who.name}, cents(shop_price(p.price * percent / 100)),
                  std::string{who.marketplace}, back(minutes)});
    percent += dice.between(-4, 4);
    day = std::max(4, day - dice.between(7, 14));
  }
}

std::string write_prices(generator& dice, const std::vector<made_product>& products) {
  std::string out;
  add_row(out, {"sku", "competitor", "price", "marketplace", "seen_at"});
  for (const auto& p : products) {
    // Own specialities have no rival.
    if (dice.chance(12))
      continue;
    for (const auto& who : rivals)
      if (dice.chance(62))
        write_walk(dice, out, p, who);
  }
  return out;
}

// --- orders -------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 4> marketplaces{"amazon", "storefront", "ebay", "walmart"};
constexpr std::array<int, 4> marketplace_weights{42, 28, 18, 12};
constexpr std::array<std::string_view, 24> first_names{
  "Ava",  "Noah",  "Mia",   "Liam",  "Zoe",  "Ethan", "Iris",  "Lucas",
  "Nora", "Oscar", "Elena", "Felix", "Ruth", "Omar",  "Priya", "Jonas",
  "Lena", "Mateo", "Freya", "Hugo",  "Ines", "Caleb", "Yuki",  "Amara"};
constexpr std::string_view last_initials = "ABCDEFGHIJKLMNOPRSTVWZ";

/// Orders on that day: a weekly wave, a slow rise towards today, and a sale about three weeks ago.
int orders_on(generator& dice, int days_ago) {
  constexpr std::array week{52, 47, 40, 38, 41, 45, 56};
  int count = week[static_cast<std::size_t>(days_ago % 7)] * (115 - days_ago / 3) / 100;
  if (days_ago >= 19 && days_ago <= 22)
    count = count * 17 / 10;
  return count * dice.between(88, 112) / 100;
}

/// What sells more lately and what less, in percent.
int season(const category& kind, int days_ago) {
  if (kind.code == "OUT" || kind.code == "FIT")
    return 130 - days_ago / 2;
  if (kind.code == "HOM" || kind.code == "WIN")
    return 80 + days_ago / 2;
  return 100;
}

class product_picker {
public:
  product_picker(std::vector<made_product>& products, int days_ago) : products_{products} {
    for (const auto& p : products) {
      total_ += std::max(1, p.weight * season(*p.kind, days_ago) / 100);
      sums_.push_back(total_);
    }
  }
  made_product& pick(generator& dice) {
    const auto at = std::lower_bound(sums_.begin(), sums_.end(), dice.between(1, total_));
    return products_[static_cast<std::size_t>(at - sums_.begin())];
  }

private:
  std::vector<made_product>& products_;
  std::vector<int> sums_;
  int total_ = 0;
};

std::string_view pick_marketplace(generator& dice) {
  int roll = dice.between(1, 100);
  for (std::size_t i = 0; i < marketplaces.size(); ++i) {
    roll -= marketplace_weights[i];
    if (roll <= 0)
      return marketplaces[i];
  }
  return marketplaces.front();
}

std::string_view status_of(generator& dice, int minutes_ago) {
  const int days = minutes_ago / (24 * 60);
  const int roll = dice.between(1, 100);
  if (roll <= 3)
    return "cancelled";
  if (days < 1)
    return roll <= 40 ? "pending" : "processing";
  if (days < 2)
    return roll <= 50 ? "processing" : "shipped";
  if (days < 6)
    return "shipped";
  return roll <= 6 ? "refunded" : "delivered";
}

std::string order_name(std::string_view marketplace, int number) {
  return std::string{marketplace == "amazon"       ? "AMZ"
                     : marketplace == "ebay"       ? "EBY"
                     : marketplace == "storefront" ? "WEB"
                                                   : "WMT"}
         + "-" + std::to_string(100000 + number);
}

void write_order(generator& dice, std::string& out, product_picker& picker, int minutes,
                 int number) {
  const auto marketplace = pick_marketplace(dice);
  const auto status = status_of(dice, minutes);
  // One throw a statement: the order of operands is the compiler's.
  std::string buyer{dice.one_of(first_names)};
  buyer += std::string{" "} + dice.one_of(last_initials) + ".";
  // What the marketplace's listing price adds or takes, in thousandths.
  const int level = marketplace == "amazon" ? 1050 : marketplace == "ebay" ? 980 : 1000;
  const int lines = dice.chance(78) ? 1 : dice.chance(75) ? 2 : 3;
  std::vector<std::string> taken;
  for (int line = 0; line < lines; ++line) {
    auto& p = picker.pick(dice);
    if (std::find(taken.begin(), taken.end(), p.sku) != taken.end())
      continue;
    taken.push_back(p.sku);
    const int quantity = p.price > 10000 || dice.chance(80) ? 1 : dice.between(2, 4);
    if (status != "cancelled" && status != "refunded")
      p.units_sold += quantity;
    add_row(out, {order_name(marketplace, number), p.sku, std::to_string(quantity),
                  cents((p.price * level + 500) / 1000), std::string{marketplace}, buyer,
                  std::string{status}, back(minutes)});
  }
}

std::string write_orders(generator& dice, std::vector<made_product>& products) {
  std::string out;
  add_row(out, {"order_id", "sku", "quantity", "unit_price", "marketplace", "buyer", "status",
                "ordered_at"});
  int number = 0;
  for (int day = days_of_orders - 1; day >= 0; --day) {
    product_picker picker{products, day};
    std::vector<int> times;
    for (int left = orders_on(dice, day); left > 0; --left)
      times.push_back(day * 24 * 60 + dice.between(3, 1439));
    std::sort(times.rbegin(), times.rend());
    for (const int minutes : times)
      write_order(dice, out, picker, minutes, ++number);
  }
  return out;
}

// --- rates --------------------------------------------------------------------------------------

struct service {
  std::string_view carrier;
  std::string_view name;
  int base;   ///< cents
  int per_kg; ///< cents
  int days;   ///< within the first zone
};
constexpr std::array<service, 8> services{{{"Postline", "Economy", 429, 85, 4},
                                           {"Postline", "Priority", 749, 130, 2},
                                           {"Swiftway", "Ground", 599, 70, 3},
                                           {"Swiftway", "Next Day", 1899, 290, 1},
                                           {"NorthStar", "Standard", 649, 64, 4},
                                           {"NorthStar", "Express", 1499, 240, 2},
                                           {"GroundHawk", "Saver", 399, 98, 6},
                                           {"GroundHawk", "Two Day", 1099, 180, 2}}};
struct zone {
  std::string_view name;
  int percent;
  int extra_days;
};
constexpr std::array<zone, 5> zones{{{"local", 80, 0},
                                     {"regional", 100, 0},
                                     {"national", 135, 1},
                                     {"north america", 210, 3},
                                     {"international", 340, 6}}};
constexpr std::array<int, 7> weights{250, 500, 1000, 2000, 5000, 10000, 20000};

std::string write_rates() {
  std::string out;
  add_row(out, {"carrier", "service", "zone", "max_weight_g", "price", "days"});
  for (const auto& s : services)
    for (const auto& z : zones)
      for (const int weight : weights)
        add_row(out, {std::string{s.carrier}, std::string{s.name}, std::string{z.name},
                      std::to_string(weight),
                      cents((s.base + s.per_kg * weight / 1000) * z.percent / 100),
                      std::to_string(s.days + z.extra_days)});
  return out;
}

} // namespace

files generate(std::uint64_t seed) {
  generator dice{seed};
  auto products = make_products(dice);
  files out;
  // The orders come first: stock and velocity follow from what was sold.
  out.orders = write_orders(dice, products);
  out.products = write_products(dice, products);
  out.prices = write_prices(dice, products);
  out.rates = write_rates();
  return out;
}

} // namespace flipsync::sample
