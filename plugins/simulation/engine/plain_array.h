#pragma once
// A growing array of plain values, aligned to a cache line, its new values zero bytes. A large one has pages
// of its own and grows by mremap, which moves pages and copies nothing, so that growth never needs twice the
// memory as std::vector does; a small one, for which whole pages would be mostly empty, lies on the heap.
// Belongs to one owner, one thread.

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
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
    // What takes memory: on the heap all of it, of pages those that hold values, as the others were never
    // written.
    std::size_t bytes() const { return bytes_ < own_pages ? bytes_ : room_for(size_); }
    T& operator[](std::size_t index) { return data_[index]; }
    const T& operator[](std::size_t index) const { return data_[index]; }
    T* data() { return data_; }
    const T* data() const { return data_; }
    const T* begin() const { return data_; }
    const T* end() const { return data_ + size_; }

    // Throws std::bad_alloc.
    void reserve(std::size_t count) {
        const std::size_t wanted = room_for(count);
        if (wanted <= bytes_) return;
        if (bytes_ >= own_pages) {
            data_ = checked(::mremap(data_, bytes_, wanted, MREMAP_MAYMOVE));
        } else {
            T* larger = wanted >= own_pages ? checked(::mmap(nullptr, wanted, PROT_READ | PROT_WRITE,
                                                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
                                            : zeroed(wanted);
            if (size_ > 0) std::memcpy(static_cast<void*>(larger), data_, size_ * sizeof(T));
            std::free(data_);
            data_ = larger;
        }
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
        if (bytes_ >= own_pages)
            ::munmap(data_, bytes_);
        else
            std::free(data_);
        data_ = nullptr;
        size_ = bytes_ = 0;
    }

  private:
    static constexpr std::size_t cache_line = 64;
    static constexpr std::size_t page = 4096;
    static constexpr std::size_t own_pages = 16 * page;

    static std::size_t room_for(std::size_t count) {
        const std::size_t exact = count * sizeof(T);
        const std::size_t unit = exact >= own_pages ? page : cache_line;
        return (exact + unit - 1) / unit * unit;
    }
    static T* checked(void* pages) {
        if (pages == MAP_FAILED) throw std::bad_alloc();
        return static_cast<T*>(pages);
    }
    static T* zeroed(std::size_t bytes) {
        void* room = std::aligned_alloc(cache_line, bytes);
        if (room == nullptr) throw std::bad_alloc();
        return static_cast<T*>(std::memset(room, 0, bytes));
    }
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
