#pragma once
// Objects of OpenAI's Assistants API as it gives them, made into requests that create them again. What cannot
// be had again is left out and noted. Pure but for the notes; one thread.

#include <functional>
#include <map>
#include <string>

#include "cli/api_client.h"

namespace assistd::cli {

class OpenAiObjects {
  public:
    // The new id of an old one; empty: it was not imported.
    using NewId = std::function<std::string(const std::string& old_id)>;
    // `model` takes the place of every assistant's, unless it is empty.
    OpenAiObjects(NewId new_id, std::string model) : new_id_(std::move(new_id)), model_(std::move(model)) {}

    Json assistant(const Json& object);
    Json thread(const Json& object);
    Json message(const Json& object);       // its "content" is empty when nothing of it can be had again
    Json vector_store(const Json& object);  // without its files
    // One of those, for a batch: what the export says of it, and its new id.
    Json file_of_store(const Json& file, const std::string& new_id);

    // What was left out, and how often.
    const std::map<std::string, int>& notes() const { return notes_; }
    void note(const std::string& sentence) { ++notes_[sentence]; }

  private:
    Json metadata(const Json& object);
    Json tool_resources(const Json& object);
    Json ids(const Json& list);
    Json part(const Json& part);
    Json attachments(const Json& object);

    NewId new_id_;
    const std::string model_;
    std::map<std::string, int> notes_;
};

// Without the tool that this server may not have, in the tools and in their files.
Json without_code_interpreter(Json request);

}  // namespace assistd::cli
