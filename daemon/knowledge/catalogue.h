#pragma once
// Which files can be found at this moment, and whose they are: what a search has to know of every candidate,
// in memory. It follows the database: the thread that writes commits and changes it while nobody looks, so
// that whoever has read of a commit finds what follows from it. Owned by Tables; any thread.

#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "knowledge/attributes.h"

namespace assistd::knowledge {

using Key = std::int64_t;  // of a row

// A chunk's key holds its file's: the lower bits are its number in the file.
inline constexpr int chunk_bits = 20;
inline constexpr std::int64_t most_chunks = std::int64_t{1} << chunk_bits;  // of a file
inline Key file_of_chunk(Key chunk) {
    return chunk >> chunk_bits;
}
inline Key first_chunk_of(Key file) {
    return file << chunk_bits;
}

// A completed file.
struct Indexed {
    Key owner = 0;
    Key store = 0;
    std::int64_t chunks = 0;
    std::shared_ptr<const Attributes> attributes;  // null: none
};

class Catalogue {
  public:
    // A look at it that stays the same as long as it is kept. Changes wait meanwhile, so not for long.
    class View {
      public:
        explicit View(const Catalogue& catalogue) : catalogue_(catalogue), lock_(catalogue.mutex_) {}
        const Indexed* file(Key key) const;  // null: it is not to be found
        std::int64_t chunks() const { return catalogue_.chunks_; }
        std::int64_t chunks_of_owner(Key owner) const;
        std::int64_t chunks_of_store(Key store) const;

      private:
        const Catalogue& catalogue_;
        std::shared_lock<std::shared_mutex> lock_;
    };

    // Nobody looks at it as long as this is kept.
    class Change {
      public:
        explicit Change(Catalogue& catalogue) : catalogue_(catalogue), lock_(catalogue.mutex_) {}
        void put(Key file, Indexed indexed);
        // Nothing happens when it is not there.
        void change_attributes(Key file, std::shared_ptr<const Attributes> attributes);
        void remove(Key file);
        void name_owner(const std::string& name, Key owner);
        void forget_owner(const std::string& name);

      private:
        Catalogue& catalogue_;
        std::unique_lock<std::shared_mutex> lock_;
    };

    bool has_documents(const std::string& owner) const;

  private:
    mutable std::shared_mutex mutex_;
    std::unordered_map<Key, Indexed> files_;
    std::unordered_map<Key, std::int64_t> of_owner_;  // chunks
    std::unordered_map<Key, std::int64_t> of_store_;
    std::unordered_map<std::string, Key> owners_;
    std::int64_t chunks_ = 0;
};

}  // namespace assistd::knowledge
