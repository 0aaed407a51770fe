#include "check/example_files.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "base/error.h"

namespace assistd::check {
namespace {

std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(stream), {});
    if (!stream)
        throw Error(ErrorCode::not_found,
                    "The example's file " + file.string() +
                        " cannot be read; say with --files where the examples' files are.");
    return bytes;
}

UniqueFd memory_file(const std::string& bytes) {
    UniqueFd file(::memfd_create("example", MFD_CLOEXEC));
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t put = ::write(file.get(), bytes.data() + done, bytes.size() - done);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0)
            throw Error(ErrorCode::unavailable,
                        std::string("An example's artifact cannot be made: ") + std::strerror(errno) + ".");
        done += static_cast<std::size_t>(put);
    }
    return file;
}

// Another description of the file, read-only and with a position of its own, as the daemon opens artifacts.
UniqueFd opened_again(const UniqueFd& file) {
    UniqueFd again(::open(("/proc/self/fd/" + std::to_string(file.get())).c_str(), O_RDONLY | O_CLOEXEC));
    if (!again) throw Error(ErrorCode::unavailable, "An example's artifact cannot be opened.");
    return again;
}

[[noreturn]] void refuse() {
    throw Error(ErrorCode::not_implemented, "The artifacts of an example are only read.");
}

}  // namespace

ExampleFiles::ExampleFiles(const tools::ToolExample& example, const std::filesystem::path& folder) {
    for (const tools::ExampleArtifact& given : example.artifacts) {
        const std::string bytes = given.file.empty() ? given.bytes : content_of(folder / given.file);
        tools::OpenArtifact artifact;
        artifact.artifact.id = ArtifactId::make();
        artifact.artifact.handle = given.handle;
        artifact.artifact.kind = given.kind;
        artifact.artifact.name = given.name;
        artifact.artifact.media_type = given.media_type;
        artifact.artifact.metadata = given.metadata;
        artifact.artifact.size = static_cast<std::int64_t>(bytes.size());
        artifact.file = memory_file(bytes);
        artifacts_.push_back(std::move(artifact));
    }
}

UniqueFd ExampleFiles::new_file() {
    refuse();
}

Task<core::Artifact> ExampleFiles::find(core::Owner, std::string handle) {
    const auto found = std::ranges::find_if(
        artifacts_, [&](const tools::OpenArtifact& one) { return one.artifact.handle == handle; });
    if (found == artifacts_.end()) throw Error(ErrorCode::not_found, "There is no artifact " + handle + ".");
    co_return found->artifact;
}

Task<UniqueFd> ExampleFiles::open(core::Artifact artifact) {
    const auto found = std::ranges::find_if(
        artifacts_, [&](const tools::OpenArtifact& one) { return one.artifact.id == artifact.id; });
    if (found == artifacts_.end()) throw Error(ErrorCode::not_found, "There is no such artifact.");
    co_return opened_again(found->file);
}

Task<std::vector<core::Artifact>> ExampleFiles::add(std::vector<core::ArtifactDraft>) {
    refuse();
}

// The last one that the example names is the newest; an example has few, so there is one page.
Task<core::Page<core::Artifact>> ExampleFiles::list(core::ArtifactQuery query) {
    core::Page<core::Artifact> page;
    const bool of_no_tool = query.tool.empty() && query.parent.empty() && query.project_id.empty();
    for (auto one = artifacts_.rbegin(); of_no_tool && one != artifacts_.rend(); ++one)
        if (query.kinds.empty() || std::ranges::find(query.kinds, one->artifact.kind) != query.kinds.end())
            page.items.push_back(one->artifact);
    co_return page;
}

Task<void> ExampleFiles::remove(core::Owner, std::string) {
    refuse();
}

}  // namespace assistd::check
