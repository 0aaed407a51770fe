// What a phrase says is meant when the sentence names nothing.

#include "providers/offline/phrases/values.h"

namespace assistd::providers::offline {

Reference usual_reference(std::string_view text) {
    Reference reference;
    reference.spoken = false;
    Reference::Item& item = reference.items.emplace_back();
    bool varying = false;
    for (const Token& token : tokenize(text, 20)) {
        if (token.kind != Token::Kind::word) continue;
        if (varying) item.varied = token.text;
        varying = token.text == "varying" || varying;
        if (varying) continue;
        item.every = item.every || token.text == "everything";
        item.together = item.together || token.text == "together";
        if (token.text != "everything" && token.text != "together") item.of.push_back(token.text);
    }
    item.several = item.every || item.together;
    return reference;
}

}  // namespace assistd::providers::offline
