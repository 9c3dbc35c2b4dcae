/// How jemalloc, which this program is linked with, lays out its memory (docs/adr/0009).

// One arena for each core instead of four: each takes huge pages of its own. On huge pages, since a
// turn that begins after a silence finds nothing in the caches, and misses of the TLB cost it most.
// An operator's MALLOC_CONF goes before it.
extern "C" {
extern const char* const malloc_conf;
const char* const malloc_conf = "narenas_ratio:1,thp:always,metadata_thp:always";
}
