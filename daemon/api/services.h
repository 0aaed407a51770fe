#pragma once
// What the doors are given: the core, and nothing of how it is made. All of it outlives the server.

#include <functional>
#include <string>

#include "api/config_control.h"
#include "core/assistant.h"
#include "core/embedder.h"
#include "core/files.h"
#include "core/knowledge.h"
#include "core/ports.h"
#include "core/study.h"
#include "core/thread.h"
#include "core/turn_service.h"

namespace assistd::api {

struct Services {
    core::Store& store;
    core::Artifacts& artifacts;
    core::Files& files;
    core::Projects& projects;
    core::UsageBook& usage;
    core::AuditLog& audit;
    core::Tools& tools;
    core::Jobs& jobs;
    core::Studies& studies;
    core::Providers& providers;
    core::TurnService& turns;
    core::Assistants& assistants;
    core::Threads& threads;
    core::Knowledge& knowledge;
    core::Embedders& embedders;
    std::function<std::string()> metrics;  // all of them in Prometheus' text format
    // What OpenAI's doors make of a model's name that nobody knows; else they refuse it.
    std::function<bool()> unknown_models_are_default = [] { return false; };
    ConfigControl config = {};
};

}  // namespace assistd::api
