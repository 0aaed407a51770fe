#include "fraktal/look.h"

#include <string>
#include <vector>

#include "fraktal/views.h"

namespace assistd::analysis {
namespace {

// Of what some views have no Df for, the others say less.
void add_refused(FraktalReport& report, std::size_t asked, std::size_t solved) {
    if (solved < asked)
        report.warnings.push_back("The model has no Df for " + std::to_string(asked - solved) + " of the " +
                                  std::to_string(asked) +
                                  " views, so that the means are of the others and may be one-sided.");
}

}  // namespace

Projection Camera::take(const Direction& direction) const {
    return project(particles_, direction, pixels_per_diameter_, [this] { call_.check_cancelled(); });
}

Silhouette Camera::silhouette(const Projection& projection) const {
    return measured(projection.mask, projection.pixel * scale_);
}

void look_once(Call& call, const Camera& camera, const Direction& direction, FraktalReport& report) {
    const Projection projection = camera.take(direction);
    report.silhouette = camera.silhouette(projection);
    call.progress(0.9, "solving for Df");
    report.result = fraktal_of(report.silhouette, report.options);
    report.details["projection"].update({{"direction", direction},
                                         {"width", projection.mask.width},
                                         {"height", projection.mask.height},
                                         {"pixels_per_diameter", projection.pixels_per_diameter}});
}

void look_around(Call& call, const Camera& camera, std::int64_t first_seed, int views,
                 FraktalReport& report) {
    std::vector<FraktalView> seen;
    std::string refusal;
    for (int i = 0; i < views; ++i) {
        call.check_cancelled();
        call.progress(0.1 + 0.8 * i / views,
                      "view " + std::to_string(i + 1) + " of " + std::to_string(views));
        FraktalView view;
        view.seed = seed_of_view(first_seed, i);
        view.direction = random_direction(static_cast<std::uint64_t>(view.seed));
        view.silhouette = camera.silhouette(camera.take(view.direction));
        try {
            view.result = fraktal_of(view.silhouette, report.options);
            seen.push_back(view);
        } catch (const FraktalRefused& refused) {
            refusal = refused.what();
        }
    }
    if (seen.size() < 2)
        throw FraktalRefused("Of " + std::to_string(views) + " views " +
                             (seen.empty() ? "none has" : "only one has") + " a solution. " + refusal);
    const MeanOfViews mean = mean_of(seen);
    report.silhouette = mean.silhouette;
    report.result = mean.result;
    report.means = mean.summaries;
    report.details["views"] = {
        {"asked", views}, {"solved", seen.size()}, {"figures", told(mean.summaries)}, {"each", told(seen)}};
    // Where analyses have the error of their Df.
    report.details["standard_error"] = mean.summaries.at("df").standard_error().value_or(0);
    add_refused(report, static_cast<std::size_t>(views), seen.size());
}

}  // namespace assistd::analysis
