// The documents' database and the catalogue that follows it.

#include "knowledge/tables.h"

#include <gtest/gtest.h>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include "unit/store/fixture.h"

namespace assistd::knowledge {
namespace {

class TablesTest : public testing::Test {
  protected:
    ~TablesTest() override { pool_.join(); }

    template <class T>
    std::future<T> spawn(Task<T> task) {
        return asio::co_spawn(asio::make_strand(pool_.get_executor()), std::move(task), asio::use_future);
    }
    std::int64_t owners() {
        auto count = [](Reader reader) {
            Rows rows = reader.db.query("SELECT count(*) FROM owners");
            rows.next();
            return rows.integer(0);
        };
        return spawn(tables_.read(count)).get();
    }

    test::TempFolder folder_;
    Tables tables_{{.file = folder_.path() / "documents.db"}};
    asio::thread_pool pool_{2};
};

// Else a client that reads that its file is indexed may search and not find it.
TEST_F(TablesTest, ACommitIsNotSeenBeforeWhatFollowsFromIt) {
    std::promise<void> at_work;
    auto work = [&at_work](WriteScope& scope) {
        scope.db.run("INSERT INTO owners (name) VALUES ('local')");
        scope.afterwards.push_back([](Catalogue::Change& catalogue) { catalogue.name_owner("local", 1); });
        at_work.set_value();
    };
    std::optional<Catalogue::View> looking(std::in_place, tables_.catalogue());
    std::future<void> written = spawn(tables_.write(work));
    at_work.get_future().wait();
    for (int i = 0; i < 500; ++i) ASSERT_EQ(owners(), 0);
    looking.reset();
    written.get();
    EXPECT_EQ(owners(), 1);
}

}  // namespace
}  // namespace assistd::knowledge
