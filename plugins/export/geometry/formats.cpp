#include <algorithm>
#include <array>

#include "geometry/format.h"

namespace assistd::exporting {

const GeometryFormat* find_geometry_format(std::string_view name) {
    static const std::array<const GeometryFormat*, 8> formats{&csv_format, &xyz_format, &vtp_format,
                                                              &ply_format, &obj_format, &stl_format,
                                                              &npy_format, &hdf5_format};
    const auto found =
        std::find_if(formats.begin(), formats.end(), [&](auto* format) { return format->name == name; });
    return found == formats.end() ? nullptr : *found;
}

}  // namespace assistd::exporting
