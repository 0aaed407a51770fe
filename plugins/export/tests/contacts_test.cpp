// Contacts against a count of all pairs.

#include "render/contacts.h"

#include "support.h"

namespace assistd::exporting {
namespace {

// A call that nobody watches.
class Silent {
  public:
    Silent() {
        table_.struct_size = sizeof table_;
        table_.progress = [](assistd_call*, double, assistd_string) {};
        table_.is_cancelled = [](assistd_call*) { return 0; };
    }
    Call call() { return Call(table_); }

  private:
    assistd_call table_{};
};

std::vector<int> contacts(const std::vector<Particle>& particles) {
    Silent silent;
    Call call = silent.call();
    return contacts_of(particles, call);
}

TEST(Contacts, AreThoseOfAllPairs) {
    std::mt19937 random(9);
    std::uniform_real_distribution<double> place(-9, 9), radius(0.3, 1.7);
    std::vector<Particle> particles;
    for (int i = 0; i < 700; ++i)
        particles.push_back({place(random), place(random), place(random), radius(random), i - 1, 0});
    std::vector<int> expected(particles.size(), 0);
    for (std::size_t i = 0; i < particles.size(); ++i)
        for (std::size_t j = i + 1; j < particles.size(); ++j) {
            const Particle &a = particles[i], &b = particles[j];
            if (std::hypot(a.x - b.x, a.y - b.y, a.z - b.z) > a.radius + b.radius) continue;
            ++expected[i];
            ++expected[j];
        }
    EXPECT_EQ(contacts(particles), expected);
}

TEST(Contacts, OfAChain) {
    std::vector<Particle> chain;
    for (int i = 0; i < 5; ++i)
        chain.push_back({1e4 + 2.0 * i / 3, -2.0 * i * 2 / 3, 4.0 * i / 3, 1, i - 1, 0});
    EXPECT_EQ(contacts(chain), (std::vector<int>{1, 2, 2, 2, 1}));
    chain.push_back({1e9, 0, 0, 1, -1, 0});
    EXPECT_EQ(contacts(chain), (std::vector<int>{1, 2, 2, 2, 1, 0}));
}

}  // namespace
}  // namespace assistd::exporting
