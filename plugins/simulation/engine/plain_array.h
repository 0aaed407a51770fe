#pragma once
// A growing array of plain values on pages of its own: it grows by mremap, which moves pages and copies
// nothing, so that growth never needs twice the memory as std::vector does; it is aligned to a page, and new
// pages are zero. Belongs to one owner, one thread.

#include <sys/mman.h>

#include <new>
#include <type_traits>
#include <utility>

namespace assistd::simulation {

template <typename T>
class PlainArray {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    PlainArray() = default;
    ~PlainArray() { release(); }
    PlainArray(PlainArray&& other) noexcept { swap(other); }
    PlainArray& operator=(PlainArray&& other) noexcept {
        swap(other);
        return *this;
    }
    PlainArray(const PlainArray&) = delete;
    PlainArray& operator=(const PlainArray&) = delete;

    std::size_t size() const { return size_; }
    std::size_t bytes() const { return bytes_; }
    T& operator[](std::size_t index) { return data_[index]; }
    const T& operator[](std::size_t index) const { return data_[index]; }
    T* data() { return data_; }
    const T* data() const { return data_; }
    const T* begin() const { return data_; }
    const T* end() const { return data_ + size_; }

    // Throws std::bad_alloc.
    void reserve(std::size_t count) {
        constexpr std::size_t page = 4096;
        const std::size_t wanted = (count * sizeof(T) + page - 1) / page * page;
        if (wanted <= bytes_) return;
        void* pages =
            bytes_ == 0 ? ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                        : ::mremap(data_, bytes_, wanted, MREMAP_MAYMOVE);
        if (pages == MAP_FAILED) throw std::bad_alloc();
        data_ = static_cast<T*>(pages);
        bytes_ = wanted;
    }
    void push_back(const T& value) {
        const T copy = value;  // `value` may lie in the pages that are about to move
        if ((size_ + 1) * sizeof(T) > bytes_) reserve(size_ + 1 + size_ / 4);
        data_[size_++] = copy;
    }
    // Forgets what there was; `count` values whose bytes are all zero.
    void assign_zero(std::size_t count) {
        release();
        reserve(count);
        size_ = count;
    }
    void release() {
        if (bytes_ > 0) ::munmap(data_, bytes_);
        data_ = nullptr;
        size_ = bytes_ = 0;
    }

  private:
    void swap(PlainArray& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(bytes_, other.bytes_);
    }

    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace assistd::simulation
