#pragma once
/// The console page, for whoever answers at its address.

namespace flipsync {

class http_session;

/// Answers with the page itself.
void console_page(http_session& session);

} // namespace flipsync
