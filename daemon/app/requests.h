#pragma once
// What is made of every HTTP request beside its answer: a line in the log, counts, and a trace where traces
// are sent somewhere. Owned by app/, told by the server; any thread.

#include <memory>

#include "app/metrics.h"
#include "http/observer.h"
#include "telemetry/exporter.h"

namespace assistd::app {

class Requests : public http::Observer {
  public:
    // `spans` is null where no traces are sent; `sample` is the part of our own traces that is kept.
    Requests(std::shared_ptr<Metrics> metrics, std::shared_ptr<telemetry::SpanExporter> spans, double sample)
        : metrics_(std::move(metrics)), spans_(std::move(spans)), sample_(sample) {}

    void arrived(Activity& activity) override;
    void answered(const http::RequestNote& note, const http::Outcome& outcome) override;

  private:
    const std::shared_ptr<Metrics> metrics_;
    const std::shared_ptr<telemetry::SpanExporter> spans_;
    const double sample_;
};

}  // namespace assistd::app
