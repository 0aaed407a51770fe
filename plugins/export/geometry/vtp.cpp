// VTK XML PolyData, for ParaView and VTK: a point per particle with its radius and parent, the properties as
// field data. The arrays are appended in base64, which keeps the file well-formed XML. Format: VTK, "VTK File
// Formats", https://docs.vtk.org/en/latest/design_documents/VTKFileFormats.html

#include <array>

#include "geometry/format.h"

namespace assistd::exporting {
namespace {

constexpr std::uint64_t length_size = sizeof(std::uint64_t);  // stands before each array

// Bytes in, letters out; end() fills up the last three bytes.
class Base64 {
  public:
    explicit Base64(TextSink& file) : file_(file) {}

    template <typename Number>
    void put(Number value) {
        std::array<unsigned char, sizeof value> bytes;
        std::memcpy(bytes.data(), &value, sizeof value);
        for (const unsigned char byte : bytes) {
            waiting_ = waiting_ << 8 | byte;
            if (++count_ == 3) write(4);
        }
    }
    void end() {
        if (count_ == 0) return;
        const int missing = 3 - count_;
        waiting_ <<= 8 * missing;
        write(4 - missing);
        file_ << std::string_view("==", static_cast<std::size_t>(missing));
    }

  private:
    void write(int letters) {
        constexpr std::string_view alphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        std::array<char, 4> text;
        for (std::size_t i = 0; i < 4; ++i) text[i] = alphabet[waiting_ >> (18 - 6 * i) & 63];
        file_ << std::string_view(text.data(), static_cast<std::size_t>(letters));
        waiting_ = 0;
        count_ = 0;
    }

    TextSink& file_;
    std::uint32_t waiting_ = 0;
    int count_ = 0;
};

// Text as it may stand in an attribute.
std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        if (c == '&')
            safe += "&amp;";
        else if (c == '<')
            safe += "&lt;";
        else if (c == '>')
            safe += "&gt;";
        else if (c == '"')
            safe += "&quot;";
        else
            safe += c;
    }
    return safe;
}

void write_property(const Property& property, TextSink& file) {
    const bool plain = property.unit == "-" || property.unit == "1";
    const std::string name = escaped(plain ? property.name : property.name + " [" + property.unit + "]");
    if (!property.value.is_string()) {
        file << "<DataArray type=\"Float64\" Name=\"" << name << "\" NumberOfTuples=\"1\" format=\"ascii\">"
             << as_text(property.value) << "</DataArray>\n";
        return;
    }
    // Text stands there as the numbers of its bytes, with a 0 at the end.
    file << "<Array type=\"String\" Name=\"" << name << "\" NumberOfTuples=\"1\" format=\"ascii\">";
    for (const unsigned char byte : property.value.get<std::string>())
        file << static_cast<std::int64_t>(byte) << " ";
    file << "0</Array>\n";
}

// An array of the appended data: says where it begins.
class Arrays {
  public:
    Arrays(TextSink& file, std::uint64_t particles) : file_(file), particles_(particles) {}

    void declare(const char* type, const char* name, std::uint64_t bytes_each, const char* more = "") {
        file_ << "<DataArray type=\"" << type << "\" Name=\"" << name << "\"" << more
              << " format=\"appended\" offset=\"" << static_cast<std::int64_t>(offset_) << "\"/>\n";
        offset_ += (length_size + bytes_each * particles_ + 2) / 3 * 4;
    }

  private:
    TextSink& file_;
    std::uint64_t particles_;
    std::uint64_t offset_ = 0;  // in letters
};

void write_declarations(const Geometry& geometry, TextSink& file) {
    const auto count = static_cast<std::int64_t>(geometry.particles.size());
    file << "<?xml version=\"1.0\"?>\n<VTKFile type=\"PolyData\" version=\"1.0\" "
            "byte_order=\"LittleEndian\" header_type=\"UInt64\">\n<PolyData>\n<FieldData>\n";
    for (const Property& property : geometry.properties) write_property(property, file);
    file << "</FieldData>\n<Piece NumberOfPoints=\"" << count << "\" NumberOfVerts=\"" << count
         << "\" NumberOfLines=\"0\" NumberOfStrips=\"0\" NumberOfPolys=\"0\">\n";
    Arrays arrays(file, geometry.particles.size());
    file << "<PointData Scalars=\"radius\">\n";
    arrays.declare("Float64", "radius", sizeof(double));
    arrays.declare("Int32", "parent", sizeof(std::int32_t));
    file << "</PointData>\n<Points>\n";
    arrays.declare("Float64", "Points", 3 * sizeof(double), " NumberOfComponents=\"3\"");
    file << "</Points>\n<Verts>\n";
    arrays.declare("Int64", "connectivity", sizeof(std::int64_t));
    arrays.declare("Int64", "offsets", sizeof(std::int64_t));
    file << "</Verts>\n</Piece>\n</PolyData>\n<AppendedData encoding=\"base64\">\n_";
}

void write_vtp(const Geometry& geometry, TextSink& file, const Progress& progress) {
    write_declarations(geometry, file);
    int written = 0;
    const auto append = [&](std::uint64_t bytes_each, auto put) {
        constexpr int arrays = 5;
        const auto part = [&](double fraction) { progress((written + fraction) / arrays); };
        Base64 letters(file);
        letters.put(bytes_each * geometry.particles.size());
        for_each_particle(geometry, part, [&](const Particle& particle) { put(letters, particle); });
        letters.end();
        ++written;
    };
    append(sizeof(double), [](Base64& letters, const Particle& particle) { letters.put(particle.radius); });
    append(sizeof(std::int32_t),
           [](Base64& letters, const Particle& particle) { letters.put(particle.parent); });
    append(3 * sizeof(double), [](Base64& letters, const Particle& particle) {
        for (const double value : {particle.x, particle.y, particle.z}) letters.put(value);
    });
    const auto count_from = [&](std::int64_t next) {
        append(sizeof next, [next](Base64& letters, const Particle&) mutable { letters.put(next++); });
    };
    count_from(0);  // each point is a vertex,
    count_from(1);  // which ends where the next one begins
    file << "\n</AppendedData>\n</VTKFile>\n";
}

}  // namespace

const GeometryFormat vtp_format{
    "vtp",    "vtp", "application/xml", GeometryFormat::Content::text, GeometryFormat::Spheres::points,
    write_vtp};

}  // namespace assistd::exporting
