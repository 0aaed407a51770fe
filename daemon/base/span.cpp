#include "base/span.h"

namespace assistd {

Span::Span(std::string_view name, SpanKind kind) {
    const Activity* present = this_activity();
    if (present == nullptr || !present->spans) return;
    activity_ = current_activity();
    record_ = std::make_unique<SpanRecord>();
    record_->trace = activity_->trace;
    record_->id = new_span_id();
    record_->parent = activity_->doing;
    record_->name = name;
    record_->kind = kind;
    record_->began = now();
    began_ = std::chrono::steady_clock::now();
}

void Span::enter() {
    if (!record_) return;
    activity_->doing = record_->id;
    entered_ = true;
}

std::shared_ptr<Activity> Span::activity() const {
    const Activity* present = record_ ? activity_.get() : this_activity();
    if (present == nullptr) return nullptr;
    auto inside = std::make_shared<Activity>(*present);
    if (record_) inside->doing = record_->id;
    return inside;
}

void Span::name(std::string name) {
    if (record_) record_->name = std::move(name);
}

void Span::set(std::string_view key, SpanValue value) {
    if (record_) record_->attributes.emplace_back(key, std::move(value));
}

void Span::failed(std::string_view type, std::string_view sentence) {
    if (!record_) return;
    record_->failed = true;
    record_->failure = sentence;
    set("error.type", std::string(type));
}

void Span::end() {
    if (!record_) return;
    if (entered_) activity_->doing = record_->parent;
    record_->duration = std::chrono::steady_clock::now() - began_;
    const std::shared_ptr<SpanSink> sink = activity_->spans;
    sink->ended(std::move(*record_));
    record_.reset();
}

}  // namespace assistd
