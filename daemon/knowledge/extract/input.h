#pragma once
// The file that is read, a block at a time: it may be larger than the memory. One thread.

#include <cstdint>
#include <string>

namespace assistd::extract {

class InputFile {
  public:
    // `fd` outlives this. Throws Failure when it is no file that can be read anywhere.
    explicit InputFile(int fd);

    int fd() const { return fd_; }
    std::uint64_t size() const { return size_; }
    // Fewer bytes only at the end.
    std::string read(std::uint64_t at, std::size_t bytes) const;

  private:
    int fd_;
    std::uint64_t size_;
};

// Its bytes from one place on.
class Blocks {
  public:
    static constexpr std::size_t block_bytes = 256u << 10;

    explicit Blocks(const InputFile& file, std::uint64_t at = 0) : file_(file), at_(at) {}
    bool next(std::string& block) {
        block = file_.read(at_, block_bytes);
        at_ += block.size();
        return !block.empty();
    }

  private:
    const InputFile& file_;
    std::uint64_t at_;
};

}  // namespace assistd::extract
