#include "adapters/store/schema.hpp"

#include <array>

#include "adapters/store/product_keys.hpp"

namespace flipsync::sql {

namespace {

// `*_key` columns hold folded text (runtime/core/text: fold), so that relevance is plain SQL. A
// product's id is its tenant's id in the bits above 40 and a number below: a range of rowids is one
// tenant, in the full-text index too. SKUs compare without case.
constexpr migration catalogue_tables = R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES('catalogue_version', 0);

CREATE TABLE tenants(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE products(
  id INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL REFERENCES tenants(id),
  price INTEGER NOT NULL,
  stock INTEGER,
  age_restricted INTEGER NOT NULL,
  sku TEXT NOT NULL COLLATE NOCASE,
  title_key TEXT NOT NULL,
  brand_key TEXT NOT NULL,
  category_key TEXT NOT NULL,
  subcategory_key TEXT NOT NULL,
  title TEXT NOT NULL,
  brand TEXT NOT NULL,
  category TEXT NOT NULL,
  subcategory TEXT NOT NULL,
  cost INTEGER,
  max_stock INTEGER,
  velocity_per_day REAL,
  lead_time_days REAL,
  weight_g INTEGER,
  tags TEXT NOT NULL,
  attributes TEXT NOT NULL,
  description TEXT NOT NULL,
  body_key TEXT NOT NULL
);
CREATE UNIQUE INDEX products_by_sku ON products(tenant, sku);
CREATE INDEX products_by_title ON products(tenant, title_key, price);
CREATE INDEX products_by_brand ON products(tenant, brand_key, price);
CREATE INDEX products_by_category ON products(tenant, category_key, price);
CREATE INDEX products_by_price ON products(tenant, price);

CREATE TABLE product_numbers(
  product INTEGER NOT NULL REFERENCES products(id) ON DELETE CASCADE,
  name_key TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY(product, name_key)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE product_words USING fts5(
  title_key, brand_key, category_key, subcategory_key, body_key,
  content='products', content_rowid='id', tokenize='porter ascii');

CREATE TABLE rival_prices(
  tenant INTEGER NOT NULL REFERENCES tenants(id),
  sku TEXT NOT NULL COLLATE NOCASE,
  competitor TEXT NOT NULL,
  marketplace TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  price INTEGER NOT NULL,
  PRIMARY KEY(tenant, sku, competitor, marketplace, seen_at)
) WITHOUT ROWID;
CREATE INDEX rival_prices_by_time ON rival_prices(tenant, seen_at);

CREATE TABLE rival_latest(
  tenant INTEGER NOT NULL REFERENCES tenants(id),
  sku TEXT NOT NULL COLLATE NOCASE,
  competitor TEXT NOT NULL,
  marketplace TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  price INTEGER NOT NULL,
  PRIMARY KEY(tenant, sku, competitor, marketplace)
) WITHOUT ROWID;

CREATE TABLE orders(
  tenant INTEGER NOT NULL REFERENCES tenants(id),
  order_id TEXT NOT NULL,
  sku TEXT NOT NULL COLLATE NOCASE,
  quantity INTEGER NOT NULL,
  unit_price INTEGER NOT NULL,
  marketplace TEXT NOT NULL,
  buyer TEXT NOT NULL,
  status TEXT NOT NULL,
  state INTEGER NOT NULL,
  ordered_at INTEGER NOT NULL,
  PRIMARY KEY(tenant, order_id, sku)
) WITHOUT ROWID;
CREATE INDEX orders_by_sku ON orders(tenant, sku, ordered_at, state, quantity, unit_price);
CREATE INDEX orders_by_time ON orders(tenant, ordered_at, state);

CREATE TABLE rates(
  tenant INTEGER NOT NULL REFERENCES tenants(id),
  carrier TEXT NOT NULL,
  service TEXT NOT NULL,
  zone TEXT NOT NULL COLLATE NOCASE,
  max_weight_g INTEGER NOT NULL,
  price INTEGER NOT NULL,
  days INTEGER,
  PRIMARY KEY(tenant, carrier, service, zone, max_weight_g)
) WITHOUT ROWID;
)sql";

// `anchor` is the time that a file's relative times ("-3d") count from: that of its first import,
// so that the same file read again says the same.
constexpr migration import_log = R"sql(
CREATE TABLE imports(
  id INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL REFERENCES tenants(id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  anchor INTEGER NOT NULL,
  at INTEGER NOT NULL,
  inserted INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  catalogue_version INTEGER NOT NULL
);
CREATE UNIQUE INDEX imports_by_digest ON imports(tenant, kind, digest);
)sql";

// Orders that await something else than shipment or payment were taken for closed.
constexpr migration awaiting_orders = R"sql(
UPDATE orders SET state = 0 WHERE state = 1
  AND (lower(status) = 'awaiting' OR lower(status) GLOB 'awaiting[ _-]*');
UPDATE meta SET value = value + 1 WHERE name = 'catalogue_version' AND EXISTS(SELECT 1 FROM orders);
)sql";

// What is not public was found by, and filtered by, until now. Answers that are kept elsewhere are
// of the version before.
constexpr migration public_texts = R"sql(
UPDATE products SET body_key = body_key_of(sku, description, tags, attributes)
  WHERE body_key <> body_key_of(sku, description, tags, attributes);
INSERT INTO product_words(product_words) VALUES('rebuild');
DELETE FROM product_numbers WHERE NOT is_public_column(name_key) AND name_key <> 'safety stock';
UPDATE meta SET value = value + 1
  WHERE name = 'catalogue_version' AND EXISTS(SELECT 1 FROM products);
)sql";

// A stored turn writes as few pages as it can, since each costs two writes to the log: messages lie
// by conversation without an index beside them, and nothing is indexed by time, which only the
// clearing of old conversations at the start asks for.
constexpr migration conversation_tables = R"sql(
CREATE TABLE conversations(
  id INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  customer TEXT NOT NULL,
  audience INTEGER NOT NULL,
  agent TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  UNIQUE(tenant, name)
);

CREATE TABLE messages(
  conversation INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  id INTEGER NOT NULL,
  turn TEXT NOT NULL,
  role TEXT NOT NULL,
  text TEXT NOT NULL,
  agent TEXT NOT NULL,
  at INTEGER NOT NULL,
  skus TEXT NOT NULL,
  PRIMARY KEY(conversation, id)
) WITHOUT ROWID;
)sql";

// A day counts from 1970-01-01; money is in billionths of a dollar.
constexpr migration spending_table = R"sql(
CREATE TABLE spending(
  day INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  answers INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  tokens_in INTEGER NOT NULL,
  tokens_out INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  wasted INTEGER NOT NULL,
  PRIMARY KEY(day, tenant, provider, model)
) WITHOUT ROWID;
)sql";

// A turn is one row, and it is found by its conversation without an index beside it: a turn of a
// new conversation changes two pages. Number 0 stands for a conversation that was begun empty.
constexpr migration turn_table = R"sql(
CREATE TABLE turns(
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  number INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  turn TEXT NOT NULL,
  question TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  answer TEXT NOT NULL,
  agent TEXT NOT NULL,
  answered_at INTEGER NOT NULL,
  skus TEXT NOT NULL,
  PRIMARY KEY(tenant, name, number)
) WITHOUT ROWID;

INSERT INTO turns SELECT c.tenant, c.name, (q.id + 1) / 2, c.id, q.turn, q.text, q.at, a.text,
    a.agent, a.at, a.skus
  FROM conversations c JOIN messages q ON q.conversation = c.id AND q.id % 2 = 1
    JOIN messages a ON a.conversation = c.id AND a.id = q.id + 1;
INSERT INTO turns SELECT tenant, name, 0, id, '', '', begun_at, '', '', begun_at, ''
  FROM conversations WHERE id NOT IN (SELECT conversation FROM turns);
DROP TABLE messages;

CREATE TABLE listed_conversations(
  id INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  customer TEXT NOT NULL,
  audience INTEGER NOT NULL,
  agent TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL
);
INSERT INTO listed_conversations
  SELECT id, tenant, name, customer, audience, agent, begun_at, last_at FROM conversations;
DROP TABLE conversations;
ALTER TABLE listed_conversations RENAME TO conversations;
)sql";

constexpr std::array catalogue_steps{catalogue_tables, import_log, awaiting_orders, public_texts};
constexpr std::array conversation_steps{conversation_tables, spending_table, turn_table};

} // namespace

std::span<const migration> catalogue_migrations() noexcept { return catalogue_steps; }
std::span<const migration> conversation_migrations() noexcept { return conversation_steps; }

result<void> migrate(connection& db, std::span<const migration> steps, std::string_view name) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  if (db.user_version() == newest)
    return {};
  add_product_functions(db);
  transaction tx{db, transaction_kind::write};
  // Another process may have done the work while this one waited for the lock.
  const auto current = db.user_version();
  if (current > newest)
    return error{errc::conflict, std::string{name} + " has schema version "
                                   + std::to_string(current) + ", this program knows up to "
                                   + std::to_string(newest) + ": it was made by a newer FlipSync"}
      .with("file", std::string{name});
  for (auto step = static_cast<std::size_t>(current); step < steps.size(); ++step)
    db.execute(std::string{steps[step]});
  db.execute("PRAGMA user_version=" + std::to_string(newest));
  tx.commit();
  return {};
}

} // namespace flipsync::sql
