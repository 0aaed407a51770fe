#pragma once
// How fast documents are indexed and searched, without a daemon: the real database, full-text index and graph
// of vectors, over text whose words are as unevenly distributed as those of a language.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace assistd::bench {

struct RetrievalSettings {
    std::filesystem::path folder;  // on a real disk
    int chunks = 100'000;          // at least so many, of the default size
    int queries = 500;             // of each kind
    int dimensions = 384;          // of the vectors, which cost nothing to make; 0: words only
};

struct RetrievalFigures {
    int files = 0;
    std::int64_t chunks = 0;
    double text_mb = 0;
    double indexed_per_second = 0;                // chunks, cut, embedded and stored
    double graph_seconds = 0;                     // until all vectors are in the graph
    double usual_p50_ms = 0, usual_p99_ms = 0;    // three to eight words as they occur
    double common_p50_ms = 0, common_p99_ms = 0;  // the most common words only
    double open_seconds = 0;                      // of the database, once it is full
    double load_seconds = 0;                      // from then on until all vectors are in memory
    double rebuild_seconds = 0;                   // and until they are in the graph
    double rebuild_p50_ms = 0;                    // of searches meanwhile
    double database_mb = 0;
    double peak_rss_mb = 0;
};

using Note = std::function<void(std::string_view)>;
RetrievalFigures measure_retrieval(const RetrievalSettings& settings, const Note& note);
std::string as_table(const RetrievalSettings& settings, const RetrievalFigures& figures);

}  // namespace assistd::bench
