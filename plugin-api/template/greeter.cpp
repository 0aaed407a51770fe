// A whole plugin with one tool. What it takes and gives is described here, once; plugin.json says the rest.

#include <assistd/plugin.hpp>
#include <string>

namespace {

struct Arguments {
    std::string name;
    std::size_t times = 1;
};
void describe(assistd::Fields<Arguments>& fields) {
    fields.required("name", &Arguments::name, "Whom to greet").min_length(1);
    fields.optional("times", &Arguments::times, "How often").range(1, 10);
}

struct Greeting {
    std::string greeting;
};
void describe(assistd::Fields<Greeting>& fields) {
    fields.required("greeting", &Greeting::greeting, "What was said");
}

// The arguments fit their description when this is called.
assistd::ResultOf<Greeting> greet(assistd::Call& call, const Arguments& arguments) {
    Greeting said;
    // Shows how far it is, and stops when the person has stopped the turn.
    for (const std::size_t i : call.steps(arguments.times, "greeting"))
        said.greeting += (i > 0 ? " Hello, " : "Hello, ") + arguments.name + ".";
    call.write_artifact("text", "greeting.txt", "text/plain", said.greeting + "\n",
                        {{"name", arguments.name}});
    return {said, "Greeted " + arguments.name + "."};
}

}  // namespace

ASSISTD_PLUGIN(tools) {
    tools.add<Arguments>("greet", greet);
}
