#pragma once

#include "server/features/client_api/client_doors.h"

namespace server::client_api {

/// The question at the end, for programs and as a page of its own; whoever has the address may answer.
class SurveyRoutes {
public:
    explicit SurveyRoutes(const ClientDoors &doors) : m{doors} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    ports::HttpResponse survey(const ports::HttpRequest &request);
    ports::HttpResponse rate(const ports::HttpRequest &request);
    ports::HttpResponse surveyPage(const ports::HttpRequest &request, bool thanks);
    ports::HttpResponse ratePage(ports::HttpRequest &request);

    const ClientDoors &m;
};

} // namespace server::client_api
