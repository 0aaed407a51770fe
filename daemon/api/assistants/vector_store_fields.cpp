#include "api/assistants/vector_store_fields.h"

#include <fmt/format.h>

#include "api/openai/errors.h"
#include "api/openai/ids.h"
#include "base/utf8.h"

namespace assistd::api::assistants {
namespace {

using openai::Field;
using openai::Fields;
using openai::Json;

constexpr std::size_t most_attributes = 16;
constexpr std::size_t most_key_characters = 64;
constexpr std::size_t most_value_characters = 512;
constexpr std::size_t most_query_characters = 4'096;
constexpr std::size_t most_queries = 16;
// A filter is compared with every file that a word is found in.
constexpr std::size_t most_conditions = 128;
constexpr int least_chunk = 100;
constexpr int most_chunk = 4'096;

core::AttributeValue read_value(const Field& field) {
    if (field.value->is_string()) return field.text(most_value_characters);
    if (field.value->is_boolean()) return field.boolean();
    if (field.value->is_number()) return field.value->get<double>();
    openai::refuse(field.path, fmt::format("{} must be a string, a number or a boolean.", field.path));
}

core::AttributeFilter::Kind kind_of(const std::string& type) {
    using enum core::AttributeFilter::Kind;
    if (type == "eq") return eq;
    if (type == "ne") return ne;
    if (type == "gt") return gt;
    if (type == "gte") return gte;
    if (type == "lt") return lt;
    if (type == "lte") return lte;
    if (type == "in") return in;
    if (type == "nin") return nin;
    return type == "and" ? all_of : any_of;
}

core::AttributeFilter read_filter(const Fields& fields, std::size_t& conditions) {
    if (++conditions > most_conditions)
        openai::refuse("filters", fmt::format("filters may have at most {} conditions.", most_conditions));
    const auto type = fields.choice("type", {"eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "and", "or"});
    if (!type) fields.required("type");
    core::AttributeFilter filter;
    filter.kind = kind_of(*type);
    using enum core::AttributeFilter::Kind;
    if (filter.kind == all_of || filter.kind == any_of) {
        fields.required("filters");
        for (const Fields& part : fields.objects("filters", most_conditions))
            filter.parts.push_back(read_filter(part, conditions));
        return filter;
    }
    filter.key = fields.required_text("key", most_key_characters);
    const Field value = fields.required("value");
    if (filter.kind == in || filter.kind == nin)
        for (const Field& one : value.items(most_conditions)) filter.values.push_back(read_value(one));
    else
        filter.values.push_back(read_value(value));
    return filter;
}

std::vector<std::string> read_queries(const Fields& fields) {
    const Field query = fields.required("query");
    std::vector<std::string> queries;
    if (query.value->is_array())
        for (const Field& one : query.items(most_queries)) queries.push_back(one.text(most_query_characters));
    else
        queries.push_back(query.text(most_query_characters));
    if (queries.empty()) fields.refuse("query", "must have at least one text");
    for (const std::string& text : queries)
        if (text.find_first_not_of(" \t\r\n") == std::string::npos)
            fields.refuse("query", "must not be blank");
    return queries;
}

}  // namespace

std::optional<std::optional<int>> read_expires_after(const Fields& fields) {
    if (fields.is_null("expires_after")) return std::optional<int>();
    const auto expires = fields.object("expires_after");
    if (!expires) return std::nullopt;
    if (!expires->choice("anchor", {"last_active_at"})) expires->required("anchor");
    const auto days = expires->integer("days", 1, 365);
    if (!days) expires->required("days");
    return std::optional<int>(static_cast<int>(*days));
}

core::Chunking read_chunking(const Fields& fields) {
    core::Chunking chunking;
    const auto strategy = fields.object("chunking_strategy");
    if (!strategy) return chunking;
    const auto type = strategy->choice("type", {"auto", "static"});
    if (!type) strategy->required("type");
    if (*type == "auto") return chunking;
    strategy->required("static");
    const Fields sizes = *strategy->object("static");
    const auto size = sizes.integer("max_chunk_size_tokens", least_chunk, most_chunk);
    if (!size) sizes.required("max_chunk_size_tokens");
    chunking.max_chunk_size_tokens = static_cast<int>(*size);
    chunking.chunk_overlap_tokens =
        std::min(chunking.chunk_overlap_tokens, chunking.max_chunk_size_tokens / 2);
    const auto overlap = sizes.integer("chunk_overlap_tokens", 0, most_chunk / 2);
    if (overlap && 2 * *overlap > *size)
        sizes.refuse("chunk_overlap_tokens", "must be at most half of max_chunk_size_tokens");
    if (overlap) chunking.chunk_overlap_tokens = static_cast<int>(*overlap);
    return chunking;
}

std::string read_attributes(const Fields& fields) {
    const auto pairs = fields.object("attributes");
    if (!pairs) return "{}";
    if (pairs->json().size() > most_attributes)
        fields.refuse("attributes", fmt::format("may have at most {} pairs", most_attributes));
    for (const auto& [key, value] : pairs->json().items()) {
        const Field field{&value, pairs->path_of(key)};
        if (count_characters(key) > most_key_characters)
            openai::refuse(field.path, fmt::format("The names of attributes have at most {} characters.",
                                                   most_key_characters));
        read_value(field);
    }
    return openai::to_text(pairs->json());
}

ArtifactId read_file_id(const Field& field) {
    const std::string text = field.text(most_key_characters);
    const auto id = ArtifactId::parse(text, openai::prefix::file);
    if (!id)
        openai::refuse(field.path,
                       fmt::format("{} must be the id of a file; \"{}\" is none.", field.path, text));
    return *id;
}

std::vector<core::FileToIndex> read_file_ids(const Fields& fields, std::size_t most,
                                             const std::string& attributes) {
    const core::Chunking chunking = read_chunking(fields);
    std::vector<core::FileToIndex> files;
    for (const Field& field : fields.items("file_ids", most))
        files.push_back({read_file_id(field), attributes, chunking});
    return files;
}

core::SearchRequest read_search(const Fields& fields) {
    core::SearchRequest search;
    search.queries = read_queries(fields);
    if (const auto filter = fields.object("filters")) {
        std::size_t conditions = 0;
        search.filter = read_filter(*filter, conditions);
    }
    search.limit = static_cast<int>(fields.integer("max_num_results", 1, 50).value_or(10));
    if (const auto ranking = fields.object("ranking_options")) {
        ranking->choice("ranker", {"none", "auto", "default-2024-11-15", "default_2024_08_21"});
        search.score_threshold = ranking->number("score_threshold", 0, 1).value_or(0);
    }
    fields.boolean("rewrite_query");  // queries are taken as they are
    return search;
}

Task<void> check_files(const Services& services, core::Owner owner, std::vector<core::FileToIndex> files) {
    for (const core::FileToIndex& file : files) {
        const std::string id = file.file.text();
        bool known = true;
        try {
            co_await services.artifacts.find(owner, id);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::not_found) throw;
            known = false;
        }
        if (!known) throw openai::nothing_found("file", file.file.text(openai::prefix::file));
    }
}

}  // namespace assistd::api::assistants
