#include "sqlite/fts_rank.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "base/error.h"

namespace assistd::sqlite {
namespace {

// The usual values: how soon more of the same word stops to count, and how much length does.
constexpr double k1 = 1.2;
constexpr double b = 0.75;

// What is the same for every row of a query.
struct Averages {
    double tokens_per_row = 1;
};

void free_averages(void* averages) {
    delete static_cast<Averages*>(averages);
}

int averages_of(const Fts5ExtensionApi* api, Fts5Context* fts, int column, Averages** found) {
    *found = static_cast<Averages*>(api->xGetAuxdata(fts, 0));
    if (*found != nullptr) return SQLITE_OK;
    sqlite3_int64 rows = 0;
    sqlite3_int64 tokens = 0;
    int code = api->xRowCount(fts, &rows);
    if (code == SQLITE_OK) code = api->xColumnTotalSize(fts, column, &tokens);
    if (code != SQLITE_OK) return code;
    auto fresh = std::make_unique<Averages>();
    if (rows > 0 && tokens > 0)
        fresh->tokens_per_row = static_cast<double>(tokens) / static_cast<double>(rows);
    *found = fresh.release();
    return api->xSetAuxdata(fts, *found, free_averages);
}

int count_of(const Fts5ExtensionApi* api, Fts5Context* fts, int phrase, double* count) {
    Fts5PhraseIter place{};
    int column = 0;
    int offset = 0;
    *count = 0;
    const int code = api->xPhraseFirst(fts, phrase, &place, &column, &offset);
    if (code != SQLITE_OK) return code;
    for (; column >= 0; api->xPhraseNext(fts, &place, &column, &offset)) ++*count;
    return SQLITE_OK;
}

double saturated(double count, double length) {
    return count * (k1 + 1) / (count + length);
}

int score_of(const Fts5ExtensionApi* api, Fts5Context* fts, const RankContext& rank, double* score) {
    constexpr int most_phrases = 128;  // marks, and the words of a query twice
    std::array<double, most_phrases> counts{};
    const int phrases =
        std::min({api->xPhraseCount(fts), static_cast<int>(rank.weights.size()), most_phrases});
    double at_most = 0;
    for (int phrase = 0; phrase < phrases; ++phrase) {
        const auto place = static_cast<std::size_t>(phrase);
        if (rank.weights[place] == 0) continue;
        const int code = count_of(api, fts, phrase, &counts[place]);
        if (code != SQLITE_OK) return code;
        at_most += rank.weights[place] * saturated(counts[place], k1 * (1 - b));
    }
    if (at_most < rank.least) return SQLITE_OK;
    Averages* averages = nullptr;
    int tokens = 0;
    int code = averages_of(api, fts, rank.column, &averages);
    if (code == SQLITE_OK) code = api->xColumnSize(fts, rank.column, &tokens);
    if (code != SQLITE_OK) return code;
    const double length = k1 * (1 - b + b * tokens / averages->tokens_per_row);
    for (int phrase = 0; phrase < phrases; ++phrase) {
        const auto place = static_cast<std::size_t>(phrase);
        if (counts[place] > 0) *score += rank.weights[place] * saturated(counts[place], length);
    }
    return SQLITE_OK;
}

void passage_rank(const Fts5ExtensionApi* api, Fts5Context* fts, sqlite3_context* result, int /*count*/,
                  sqlite3_value** /*values*/) {
    const auto& rank = *static_cast<const RankContext*>(api->xUserData(fts));
    double score = 0;
    if (rank.wanted && !rank.wanted(api->xRowid(fts))) {
        sqlite3_result_double(result, 0);
        return;
    }
    const int code = score_of(api, fts, rank, &score);
    if (code == SQLITE_OK)
        sqlite3_result_double(result, score);
    else
        sqlite3_result_error_code(result, code);
}

fts5_api* fts5_of(Database& db) {
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(db.handle(), "SELECT fts5(?1)", -1, &statement, nullptr);
    if (code == SQLITE_OK) code = sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nullptr);
    if (code == SQLITE_OK) sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (api == nullptr) throw Error(ErrorCode::internal, "This SQLite has no full-text search (FTS5).");
    return api;
}

}  // namespace

void add_rank_function(Database& db, const RankContext& context) {
    fts5_api* api = fts5_of(db);
    const int code =
        api->xCreateFunction(api, "passage_rank", const_cast<RankContext*>(&context), passage_rank, nullptr);
    if (code != SQLITE_OK) throw_database_error(db.handle(), code);
}

double inverse_frequency(std::int64_t rows, std::int64_t total) {
    const double with = static_cast<double>(rows);
    const double without = std::max<double>(0, static_cast<double>(total - rows));
    return std::log(1 + (without + 0.5) / (with + 0.5));
}

}  // namespace assistd::sqlite
