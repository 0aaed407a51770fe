#include "retrieval.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <random>
#include <thread>

#include "knowledge/knowledge_base.h"
#include "store/store.h"
#include "table.h"

namespace assistd::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int vocabulary = 60'000;
constexpr double steepness = 1.07;  // of Zipf's law, as in English
constexpr double flattening = 2.7;
constexpr int words_per_file = 60'000;
constexpr int most_common = 12;
constexpr double goal_chunks_per_second = 2'000;
constexpr double goal_usual_ms = 15;
constexpr double goal_common_ms = 20;

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

class Words {
  public:
    Words() {
        std::mt19937 random(1);
        const std::string first = "bcdfghjklmnprstvwz";
        const std::string second = "aeiou";
        std::vector<double> weights;
        for (int i = 0; i < vocabulary; ++i) {
            std::string word;
            // Common words are short.
            const int syllables = i < 100 ? 1 : i < 3'000 ? 2 : 3 + i % 2;
            for (int k = 0; k < syllables; ++k) {
                word += first[random() % first.size()];
                word += second[random() % second.size()];
            }
            words_.push_back(word + std::string(1, static_cast<char>('a' + i % 26)));
            weights.push_back(1 / std::pow(i + 1 + flattening, steepness));
        }
        distribution_ = std::discrete_distribution<int>(weights.begin(), weights.end());
    }
    const std::string& any(std::mt19937& random) {
        return words_[static_cast<std::size_t>(distribution_(random))];
    }
    const std::string& common(std::mt19937& random) { return words_[random() % most_common]; }

  private:
    std::vector<std::string> words_;
    std::discrete_distribution<int> distribution_;
};

// Of one seed, always the same: paragraphs of sentences.
std::string text_of(Words words, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::string text;
    for (int i = 0; i < words_per_file; ++i) {
        text += words.any(random);
        text += i % 90 == 89 ? ".\n\n" : i % 15 == 14 ? ". " : " ";
    }
    return text;
}

// Texts with the same words are near each other.
class WordVectors : public core::Embedder {
  public:
    explicit WordVectors(int dimensions) : dimensions_(static_cast<std::size_t>(dimensions)) {}
    std::string model() const override { return "bench:words"; }
    Task<std::vector<std::vector<float>>> embed_tokens(std::vector<std::vector<std::int64_t>>,
                                                       std::stop_token, int) override {
        throw Error(ErrorCode::validation, "It takes texts only.");
    }
    Task<std::vector<std::vector<float>>> embed(std::vector<std::string> texts, std::stop_token,
                                                int) override {
        std::vector<std::vector<float>> vectors;
        for (const std::string& text : texts) vectors.push_back(vector_of(text));
        co_return vectors;
    }

  private:
    std::vector<float> vector_of(std::string_view text) const {
        std::vector<float> vector(dimensions_);
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = std::min(text.find_first_of(" .\n", begin), text.size());
            std::uint64_t hash = std::hash<std::string_view>()(text.substr(begin, end - begin));
            for (int i = 0; i < 4; ++i, hash = hash * 6364136223846793005u + 1442695040888963407u)
                vector[(hash >> 33) % dimensions_] += (hash >> 32 & 1) != 0 ? 1.0f : -1.0f;
            begin = end + 1;
        }
        return vector;
    }

    std::size_t dimensions_;
};

class Bench {
  public:
    explicit Bench(const RetrievalSettings& settings) : settings_(settings) {
        for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io_.run(); });
        store::StoreOptions options;
        options.folder = settings.folder / "state";
        storage_ = store::open_store(options);
        if (settings.dimensions > 0) embedder_ = std::make_unique<WordVectors>(settings.dimensions);
        open();
    }
    ~Bench() {
        close();
        work_.reset();
        io_.stop();
        for (std::thread& thread : threads_) thread.join();
    }

    void open() {
        knowledge::KnowledgeOptions options;
        options.folder = settings_.folder / "state";
        const auto extract = [this](int, std::string name, std::stop_token) -> Task<knowledge::Extraction> {
            knowledge::Document document;
            document.text = text_of(words_, static_cast<std::uint32_t>(std::stoul(name)));
            document.sections.emplace_back();
            co_return document;
        };
        base_ = std::make_unique<knowledge::KnowledgeBase>(io_, options, storage_->artifacts(),
                                                           storage_->files(), extract, embedder_.get());
        base_->start();
    }
    void close() {
        asio::co_spawn(io_, base_->stop(), asio::use_future).get();
        base_.reset();
    }

    template <class T>
    T run(Task<T> task) {
        return asio::co_spawn(asio::make_strand(io_), std::move(task), asio::use_future).get();
    }
    knowledge::KnowledgeBase& base() { return *base_; }
    Words& words() { return words_; }

    // `files` more, indexed. Returns the seconds that took.
    double index(VectorStoreId store, int files) {
        std::vector<core::FileToIndex> named;
        for (int i = 0; i < files; ++i) {
            std::vector<core::ArtifactDraft> drafts(1);
            drafts.front().file = storage_->artifacts().new_file();
            drafts.front().about.owner = "local";
            drafts.front().about.kind = "file";
            drafts.front().about.name = std::to_string(++files_);
            named.push_back({run(storage_->artifacts().add(std::move(drafts))).front().id, "{}", {}});
        }
        const auto begun = Clock::now();
        run(base_->add_batch("local", store, std::move(named)));
        while (run(base_->store("local", store)).counts.in_progress > 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return seconds_since(begun);
    }
    int files() const { return files_; }

    std::vector<double> search(bool common) {
        std::mt19937 random(7);
        std::vector<double> times;
        for (int i = 0; i < settings_.queries; ++i) {
            core::SearchRequest request;
            request.owner = "local";
            std::string query;
            for (unsigned k = 0; k < 3 + random() % 6; ++k)
                query += (common ? words_.common(random) : words_.any(random)) + " ";
            request.queries.push_back(query);
            const auto begun = Clock::now();
            if (run(base_->search(request)).empty())
                throw std::runtime_error("A search for words that are there found nothing: " + query);
            times.push_back(seconds_since(begun) * 1'000);
        }
        std::ranges::sort(times);
        return times;
    }

  private:
    const RetrievalSettings settings_;
    Words words_;
    asio::io_context io_;
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
    std::vector<std::thread> threads_;
    std::unique_ptr<store::Storage> storage_;
    std::unique_ptr<WordVectors> embedder_;
    std::unique_ptr<knowledge::KnowledgeBase> base_;
    int files_ = 0;
};

double share(const std::vector<double>& sorted, double part) {
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

// The graph is made anew at each start, while searches go on.
void measure_rebuild(Bench& bench, RetrievalFigures& figures) {
    const auto begun = Clock::now();
    while (bench.base().vector_count() < figures.chunks)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    figures.load_seconds = seconds_since(begun);
    figures.rebuild_p50_ms = share(bench.search(false), 0.5);
    while (bench.base().has_vectors_to_arrange()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    figures.rebuild_seconds = seconds_since(begun);
}

}  // namespace

RetrievalFigures measure_retrieval(const RetrievalSettings& settings, const Note& note) {
    Bench bench(settings);
    RetrievalFigures figures;
    core::VectorStore about;
    about.owner = "local";
    const VectorStoreId store = bench.run(bench.base().add_store(about, {})).id;
    double indexing = 0;
    while (figures.chunks < settings.chunks) {
        indexing += bench.index(store, 10);
        figures.chunks = bench.base().chunk_count();
        note(fmt::format("{} chunks in {:.1f} s", figures.chunks, indexing));
    }
    figures.files = bench.files();
    figures.text_mb = static_cast<double>(bench.run(bench.base().store("local", store)).usage_bytes) / 1e6;
    figures.indexed_per_second = static_cast<double>(figures.chunks) / indexing;
    const auto waiting = Clock::now();
    while (bench.base().has_vectors_to_arrange()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    figures.graph_seconds = seconds_since(waiting);
    note("searches");
    const auto warm = bench.search(false);
    const auto usual = bench.search(false);
    figures.usual_p50_ms = share(usual, 0.5);
    figures.usual_p99_ms = share(usual, 0.99);
    bench.search(true);
    const auto common = bench.search(true);
    figures.common_p50_ms = share(common, 0.5);
    figures.common_p99_ms = share(common, 0.99);
    const auto database = settings.folder / "state" / "knowledge.db";
    figures.database_mb = static_cast<double>(std::filesystem::file_size(database)) / 1e6;
    bench.close();
    const auto opening = Clock::now();
    bench.open();
    figures.open_seconds = seconds_since(opening);
    if (settings.dimensions > 0) measure_rebuild(bench, figures);
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    figures.peak_rss_mb = static_cast<double>(usage.ru_maxrss) / 1024;
    return figures;
}

std::string as_table(const RetrievalSettings& settings, const RetrievalFigures& figures) {
    Table table;
    table.title(fmt::format("{} chunks of {} files, {:.0f} MB of text, {}", figures.chunks, figures.files,
                            figures.text_mb,
                            settings.dimensions > 0 ? fmt::format("vectors of {}", settings.dimensions)
                                                    : std::string("words only")));
    table.row("chunks indexed", rate(figures.indexed_per_second), rate(goal_chunks_per_second),
              figures.indexed_per_second >= goal_chunks_per_second);
    table.row("until the graph is complete", fmt::format("{:.1f} s", figures.graph_seconds));
    table.row("search, words as they occur: median", ms(figures.usual_p50_ms));
    table.row("search, words as they occur: 99 %", ms(figures.usual_p99_ms), ms(goal_usual_ms),
              figures.usual_p99_ms <= goal_usual_ms);
    table.row("search, the most common words only: median", ms(figures.common_p50_ms));
    table.row("search, the most common words only: 99 %", ms(figures.common_p99_ms), ms(goal_common_ms),
              figures.common_p99_ms <= goal_common_ms);
    table.row("opening the database", fmt::format("{:.2f} s", figures.open_seconds));
    if (settings.dimensions > 0) {
        table.row("then until all vectors are searched", fmt::format("{:.2f} s", figures.load_seconds));
        table.row("and until the graph is complete", fmt::format("{:.1f} s", figures.rebuild_seconds));
        table.row("search meanwhile: median", ms(figures.rebuild_p50_ms));
    }
    table.row("size of the database", mb(figures.database_mb));
    table.row("most memory", mb(figures.peak_rss_mb));
    return table.text();
}

}  // namespace assistd::bench
