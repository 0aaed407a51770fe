// HDF5: the datasets positions (N x 3), radii (N) and parents (N), and every property as an attribute of the
// root, with its unit in the attribute NAME_units. The file is built in memory (the core driver), because a
// plugin may open no file, and then written as a whole. The library has a lock of its own.

#include <algorithm>
#include <array>

#include "assistd/plugin.hpp"
#include "geometry/format.h"
#include "geometry/hdf5_library.h"

namespace assistd::exporting {
namespace {

const Hdf5Library& hdf5() {
    return Hdf5Library::get();
}

void check(herr_t status) {
    if (status < 0) throw Failure("InternalError", "The HDF5 library failed to build the file.");
}

// An identifier of the library's, with the function that closes it.
class Id {
  public:
    using Close = herr_t (*)(hid_t);
    Id(hid_t id, Close close) : id_(id), close_(close) { check(id_ < 0 ? -1 : 0); }
    ~Id() { close_(id_); }
    Id(const Id&) = delete;
    Id& operator=(const Id&) = delete;
    operator hid_t() const { return id_; }

  private:
    hid_t id_;
    Close close_;
};

// Memory in one piece: it only grows when the estimate was too small.
Id create_in_memory(std::size_t estimate) {
    const Id access(hdf5().H5Pcreate(hdf5().file_access()), hdf5().H5Pclose);
    check(hdf5().H5Pset_fapl_core(access, std::max<std::size_t>(estimate, 1 << 16), false));
    return {hdf5().H5Fcreate("geometry", Hdf5Library::truncate, H5P_DEFAULT, access), hdf5().H5Fclose};
}

void set_attribute(hid_t object, const std::string& name, hid_t type, const void* value) {
    const Id space(hdf5().H5Screate(H5S_SCALAR), hdf5().H5Sclose);
    const Id attribute(hdf5().H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT),
                       hdf5().H5Aclose);
    check(hdf5().H5Awrite(attribute, type, value));
}

// Of variable length, which readers take as text and not as bytes.
void set_attribute(hid_t object, const std::string& name, const std::string& text) {
    const Id type(hdf5().H5Tcopy(hdf5().c_string()), hdf5().H5Tclose);
    check(hdf5().H5Tset_size(type, H5T_VARIABLE));
    check(hdf5().H5Tset_cset(type, H5T_CSET_UTF8));
    const char* value = text.c_str();
    set_attribute(object, name, type, &value);
}

void set_property(hid_t root, const Property& property) {
    if (property.value.is_string()) {
        set_attribute(root, property.name, property.value.get<std::string>());
    } else if (property.value.is_number_integer()) {
        const auto value = property.value.get<std::int64_t>();
        set_attribute(root, property.name, hdf5().native_int64(), &value);
    } else {
        const auto value = property.value.get<double>();
        set_attribute(root, property.name, hdf5().native_double(), &value);
    }
    if (property.unit != "-") set_attribute(root, property.name + "_units", property.unit);
}

template <typename Number>
hid_t type_of();
template <>
hid_t type_of<double>() {
    return hdf5().native_double();
}
template <>
hid_t type_of<std::int32_t>() {
    return hdf5().native_int32();
}

// `columns` numbers of each particle, a piece at a time.
template <typename Number, std::size_t columns, typename Values>
void write_dataset(hid_t file, const char* name, const std::string& unit, const Geometry& geometry,
                   const Progress& progress, Values values_of) {
    constexpr std::size_t piece = 8192;
    const std::size_t count = geometry.particles.size();
    constexpr int rank = columns > 1 ? 2 : 1;
    const std::array<hsize_t, 2> size{count, columns};
    const Id space(hdf5().H5Screate_simple(rank, size.data(), nullptr), hdf5().H5Sclose);
    const Id creation(hdf5().H5Pcreate(hdf5().dataset_create()), hdf5().H5Pclose);
    check(hdf5().H5Pset_obj_track_times(creation, false));  // the same geometry is the same bytes
    const Id dataset(
        hdf5().H5Dcreate2(file, name, type_of<Number>(), space, H5P_DEFAULT, creation, H5P_DEFAULT),
        hdf5().H5Dclose);
    set_attribute(dataset, "units", unit);

    std::vector<std::array<Number, columns>> rows;
    for (std::size_t from = 0; from < count; from += piece) {
        progress(static_cast<double>(from) / static_cast<double>(count));
        rows.clear();
        for (const Particle& particle : geometry.particles.subspan(from, std::min(piece, count - from)))
            rows.push_back(values_of(particle));
        const std::array<hsize_t, 2> start{from, 0}, part{rows.size(), columns};
        check(hdf5().H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, part.data(), nullptr));
        const Id memory(hdf5().H5Screate_simple(rank, part.data(), nullptr), hdf5().H5Sclose);
        check(hdf5().H5Dwrite(dataset, type_of<Number>(), memory, space, H5P_DEFAULT, rows.data()));
    }
}

std::string image_of(hid_t file) {
    check(hdf5().H5Fflush(file, H5F_SCOPE_GLOBAL));
    const ssize_t size = hdf5().H5Fget_file_image(file, nullptr, 0);
    if (size < 0) check(-1);
    std::string image(static_cast<std::size_t>(size), '\0');
    if (hdf5().H5Fget_file_image(file, image.data(), image.size()) != size) check(-1);
    return image;
}

void write_hdf5(const Geometry& geometry, TextSink& sink, const Progress& progress) {
    check(hdf5().H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr));  // failures are thrown, not printed
    const std::size_t bytes_each = 4 * sizeof(double) + sizeof(std::int32_t);
    const Id file = create_in_memory(geometry.particles.size() * bytes_each + (1 << 16));
    for (const Property& property : geometry.properties) set_property(file, property);
    write_dataset<double, 3>(
        file, "positions", geometry.length_unit, geometry, [&](double fraction) { progress(fraction * 0.6); },
        [](const Particle& particle) {
            return std::array{particle.x, particle.y, particle.z};
        });
    write_dataset<double, 1>(
        file, "radii", geometry.length_unit, geometry,
        [&](double fraction) { progress(0.6 + fraction * 0.2); },
        [](const Particle& particle) { return std::array{particle.radius}; });
    write_dataset<std::int32_t, 1>(
        file, "parents", "1", geometry, [&](double fraction) { progress(0.8 + fraction * 0.1); },
        [](const Particle& particle) { return std::array{particle.parent}; });

    const std::string image = image_of(file);
    constexpr std::size_t piece = 1 << 20;
    for (std::size_t at = 0; at < image.size(); at += piece) {
        progress(0.9 + 0.1 * static_cast<double>(at) / static_cast<double>(image.size()));
        sink << std::string_view(image).substr(at, piece);
    }
}

}  // namespace

const GeometryFormat hdf5_format{
    "hdf5",    "h5", "application/x-hdf5", GeometryFormat::Content::binary, GeometryFormat::Spheres::points,
    write_hdf5};

}  // namespace assistd::exporting
