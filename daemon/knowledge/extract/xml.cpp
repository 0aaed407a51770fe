#include "knowledge/extract/xml.h"

#include <cstring>
#include <new>

#include "knowledge/extract/failure.h"

namespace assistd::extract {
namespace {

std::string_view view(const xmlChar* text) {
    return reinterpret_cast<const char*>(text);
}

}  // namespace

std::string XmlAttributes::get(std::string_view name) const {
    for (int i = 0; i < count_; ++i) {
        const xmlChar** attribute = all_ + i * 5;
        if (view(attribute[0]) == name)
            return {reinterpret_cast<const char*>(attribute[3]), reinterpret_cast<const char*>(attribute[4])};
    }
    return "";
}

// The parser is C, so what is thrown waits until it has returned.
template <class Work>
void XmlReader::guarded(void* self, Work work) noexcept {
    auto& reader = *static_cast<XmlReader*>(self);
    if (reader.thrown_) return;
    try {
        work(reader.listener_);
    } catch (...) {
        reader.thrown_ = std::current_exception();
        ::xmlStopParser(reader.parser_.get());
    }
}

XmlReader::XmlReader(XmlListener listener)
    : listener_(std::move(listener)),
      parser_(nullptr, [](xmlParserCtxt* context) { ::xmlFreeParserCtxt(context); }) {
    sax_.initialized = XML_SAX2_MAGIC;
    sax_.startElementNs = [](void* self, const xmlChar* name, const xmlChar*, const xmlChar*, int,
                             const xmlChar**, int count, int, const xmlChar** attributes) {
        guarded(self, [&](XmlListener& to) { to.start(view(name), XmlAttributes(count, attributes)); });
    };
    sax_.endElementNs = [](void* self, const xmlChar* name, const xmlChar*, const xmlChar*) {
        guarded(self, [&](XmlListener& to) { to.end(view(name)); });
    };
    sax_.characters = [](void* self, const xmlChar* text, int size) {
        const std::string_view piece(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
        guarded(self, [&](XmlListener& to) { to.characters(piece); });
    };
    // Where entities are declared that grow without end. No Office document has one.
    sax_.internalSubset = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
        guarded(self, [](XmlListener&) {
            invalid("is no Word document as programs write it: its XML has a document type");
        });
    };
    parser_.reset(::xmlCreatePushParserCtxt(&sax_, this, nullptr, 0, nullptr));
    if (!parser_) throw std::bad_alloc();
    ::xmlCtxtUseOptions(parser_.get(), XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

void XmlReader::push(std::string_view block) {
    parse(block, false);
}

void XmlReader::finish() {
    parse("", true);
}

void XmlReader::parse(std::string_view block, bool last) {
    const int error =
        ::xmlParseChunk(parser_.get(), block.data(), static_cast<int>(block.size()), last ? 1 : 0);
    if (thrown_) std::rethrow_exception(thrown_);
    if (error == XML_ERR_NO_MEMORY) throw std::bad_alloc();
    if (error != XML_ERR_OK && parser_->wellFormed == 0)
        invalid("is damaged: the XML in it cannot be read, or is nested too deeply");
}

}  // namespace assistd::extract
