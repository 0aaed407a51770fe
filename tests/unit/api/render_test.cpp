#include "api/conversations/render.h"

namespace assistd::api::conversations {
namespace {

TEST(Render, SumsOfMoneyHaveNoNoise) {
    core::Usage usage;
    usage.cost = 0.1 + 0.2;
    EXPECT_EQ(to_text(render(usage)["cost"]), "0.3");
}

}  // namespace
}  // namespace assistd::api::conversations
