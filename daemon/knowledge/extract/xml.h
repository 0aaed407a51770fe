#pragma once
// XML of Office documents, read as a stream, without a tree, without entities of its own and without any
// other file. One thread.

#include <libxml/parser.h>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace assistd::extract {

class XmlAttributes {
  public:
    XmlAttributes(int count, const xmlChar** all) : count_(count), all_(all) {}
    // By its name without a prefix; empty when there is none.
    std::string get(std::string_view name) const;

  private:
    int count_;
    const xmlChar** all_;  // five pointers each: name, prefix, namespace, begin and end of the value
};

struct XmlListener {
    std::function<void(std::string_view name, const XmlAttributes&)> start;  // without a prefix
    std::function<void(std::string_view name)> end;
    std::function<void(std::string_view text)> characters;
};

class XmlReader {
  public:
    explicit XmlReader(XmlListener listener);
    // Throws Failure for what is no XML, or has a document type, and whatever the listener throws.
    void push(std::string_view block);
    void finish();

  private:
    void parse(std::string_view block, bool last);
    template <class Work>
    static void guarded(void* self, Work work) noexcept;

    XmlListener listener_;
    std::exception_ptr thrown_;
    xmlSAXHandler sax_{};
    std::unique_ptr<xmlParserCtxt, void (*)(xmlParserCtxt*)> parser_;
};

}  // namespace assistd::extract
