#include "api/openai/embeddings.h"

#include <bit>
#include <cstring>

#include "api/openai/fields.h"
#include "api/openai/model_named.h"
#include "api/openai/routes.h"
#include "base/base64.h"
#include "core/tokens.h"

namespace assistd::api::openai {
namespace {

constexpr std::size_t most_inputs = 2'048;
constexpr std::size_t longest_input = 1 << 20;
constexpr std::int64_t embeddings_body = 64 << 20;

// Texts, or texts as tokens: one of the two is empty.
struct Inputs {
    std::vector<std::string> texts;
    std::vector<std::vector<std::int64_t>> tokens;

    std::int64_t count_tokens() const {
        std::int64_t all = 0;
        for (const std::string& text : texts) all += core::estimate_tokens(text);
        for (const auto& list : tokens) all += static_cast<std::int64_t>(list.size());
        return all;
    }
};

std::vector<std::int64_t> read_tokens(const std::vector<Field>& items) {
    std::vector<std::int64_t> tokens;
    for (const Field& item : items) tokens.push_back(item.integer(0, 1'000'000'000));
    return tokens;
}

Inputs read_inputs(const Fields& body) {
    const Field input = body.required("input");
    Inputs inputs;
    if (input.value->is_string()) {
        inputs.texts.push_back(input.text(longest_input));
    } else {
        const bool of_numbers =
            input.value->is_array() && !input.value->empty() && input.value->front().is_number();
        const std::vector<Field> items = input.items(of_numbers ? longest_input : most_inputs);
        if (items.empty()) body.refuse("input", "must not be empty.");
        if (of_numbers) {
            inputs.tokens.push_back(read_tokens(items));
        } else if (items.front().value->is_array()) {
            for (const Field& item : items) inputs.tokens.push_back(read_tokens(item.items(longest_input)));
        } else {
            for (const Field& item : items) inputs.texts.push_back(item.text(longest_input));
        }
    }
    for (const std::string& text : inputs.texts)
        if (text.empty()) body.refuse("input", "must not have an empty text.");
    for (const auto& tokens : inputs.tokens)
        if (tokens.empty()) body.refuse("input", "must not have an empty list of tokens.");
    return inputs;
}

// Single floats, the lowest byte first.
Json render_vector(const std::vector<float>& vector, bool as_base64) {
    if (!as_base64) return vector;
    static_assert(std::endian::native == std::endian::little);
    std::string bytes(vector.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), vector.data(), bytes.size());
    return to_base64(bytes);
}

Task<http::Reply> create_embeddings(const Services& services, http::Request request) {
    const Json json = read_body(request);
    const Fields body(json);
    const std::string model = body.required_text("model", 512);
    const Inputs inputs = read_inputs(body);
    const bool as_base64 = body.choice("encoding_format", {"float", "base64"}) == "base64";
    const auto dimensions = static_cast<int>(body.integer("dimensions", 1, 100'000).value_or(0));
    const std::shared_ptr<core::Embedder> embedder = services.embedders.find(model);
    if (!embedder) throw no_such_model(model);
    std::vector<std::vector<float>> vectors;
    if (inputs.texts.empty())
        vectors = co_await embedder->embed_tokens(inputs.tokens, request.gone, dimensions);
    else
        vectors = co_await embedder->embed(inputs.texts, request.gone, dimensions);
    Json data = Json::array();
    for (std::size_t i = 0; i < vectors.size(); ++i)
        data.push_back(
            {{"object", "embedding"}, {"index", i}, {"embedding", render_vector(vectors[i], as_base64)}});
    const std::int64_t tokens = inputs.count_tokens();
    co_return json_reply({{"object", "list"},
                          {"data", std::move(data)},
                          {"model", model},
                          {"usage", {{"prompt_tokens", tokens}, {"total_tokens", tokens}}}});
}

}  // namespace

void add_embedding_routes(http::Router& router, const Services& services) {
    add_route(router, http::Method::post, "/embeddings",
              [&services](http::Request request) { return create_embeddings(services, std::move(request)); },
              {.max_body = embeddings_body});
}

}  // namespace assistd::api::openai
