#include "server/features/conversations/contact_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/contacts/contact_filter.h"
#include "server/features/contacts/contact_presenter.h"
#include "server/features/conversations/contact_merge.h"
#include "server/features/conversations/removal_service.h"
#include "server/features/inboxes/inbox_presenter.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/protocol/filters/filter_codec.h"

#include <algorithm>

namespace server::conversations {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;
using contacts::ContactOrder;
using contacts::ContactStore;
using ports::HttpResponse;

constexpr std::int64_t pageSize = 15;
constexpr std::int64_t lastPage = 1'000'000;
constexpr std::size_t mostConversations = 20;

std::int64_t pageOf(const ApiCall &call)
{
    return std::clamp<std::int64_t>(call.queryNumber("page", 1), 1, lastPage);
}

base::Result<ContactOrder> orderOf(std::string_view name)
{
    if (name == "name" || name == "phone_number" || name.empty())
        return ContactOrder::Name;
    if (name == "email")
        return ContactOrder::Email;
    if (name == "last_activity_at")
        return ContactOrder::LastActivity;
    if (name == "created_at")
        return ContactOrder::Created;
    return base::Error{ErrorCode::Invalid, "sort"};
}

base::Error notFound()
{
    return {ErrorCode::NotFound, "contact"};
}

// The answer of a create holds texts, never null, and the contact as a list of one.
base::Json createdJson(base::Json contact)
{
    for (const auto *key : {"email", "phone_number", "identifier"})
        if (contact[key].is_null())
            contact[key] = "";
    auto id = contact["id"];
    auto availability = contact["availability_status"];
    return {{"id", std::move(id)},
            {"availability_status", std::move(availability)},
            {"payload", base::Json::array({std::move(contact)})}};
}

} // namespace

void ContactRoutes::add(ports::Router &router)
{
    const auto route = [&](const char *method, const std::string &path,
                           Answer (ContactRoutes::*handler)(ApiCall &)) {
        m_doors.gate.inAccount(router, method, "/contacts" + path,
                               [this, handler](ApiCall &call) { return (this->*handler)(call); });
    };
    route("GET", "", &ContactRoutes::list);
    route("POST", "", &ContactRoutes::create);
    route("GET", "/search", &ContactRoutes::search);
    route("POST", "/filter", &ContactRoutes::filter);
    route("GET", "/{id}", &ContactRoutes::show);
    route("PUT", "/{id}", &ContactRoutes::update);
    route("PATCH", "/{id}", &ContactRoutes::update);
    route("DELETE", "/{id}", &ContactRoutes::remove);
    route("GET", "/{id}/conversations", &ContactRoutes::conversations);
    route("GET", "/{id}/labels", &ContactRoutes::labels);
    route("POST", "/{id}/labels", &ContactRoutes::setLabels);
    route("POST", "/{id}/contact_inboxes", &ContactRoutes::addInbox);
    route("GET", "/{id}/contactable_inboxes", &ContactRoutes::contactableInboxes);
    m_doors.gate.inAccount(router, "POST", "/actions/contact_merge",
                           [this](ApiCall &call) { return merge(call); });
}

ContactRoutes::Answer ContactRoutes::list(ApiCall &call)
{
    auto name = call.request.queryValue("sort");
    const bool isDescending = name.starts_with('-');
    if (isDescending)
        name.remove_prefix(1);
    const auto order = orderOf(name);
    if (!order)
        return order.error();
    return pageAnswer(call, [&](storage::Transaction &tx) {
        return ContactStore{tx}.page(call.account, *order, isDescending, (pageOf(call) - 1) * pageSize,
                                     pageSize);
    });
}

ContactRoutes::Answer ContactRoutes::search(ApiCall &call)
{
    const auto text = call.request.queryValue("q");
    if (text.empty())
        return ports::refusal(422, "invalid", "Specify search string with parameter q");
    return pageAnswer(call, [&](storage::Transaction &tx) {
        return ContactStore{tx}.search(call.account, text, (pageOf(call) - 1) * pageSize, pageSize);
    });
}

ContactRoutes::Answer ContactRoutes::filter(ApiCall &call)
{
    const auto wanted =
        protocol::filterFromJson(base::member(call.body(), "payload"), domain::FilterSubject::Contact);
    if (!wanted)
        return wanted.error();
    return pageAnswer(call, [&](storage::Transaction &tx) {
        return contacts::matching(tx, call.account, *wanted, m_doors.gate.clock().now(),
                                  (pageOf(call) - 1) * pageSize, pageSize);
    });
}

ContactRoutes::Answer
ContactRoutes::pageAnswer(ApiCall &call,
                          const std::function<contacts::ContactPage(storage::Transaction &)> &page)
{
    base::Json json;
    m_doors.gate.read([&](storage::Transaction &tx) {
        const auto found = page(tx);
        auto presenter = m_doors.presenter(tx, call);
        auto payload = base::Json::array();
        for (const auto &row : found.rows)
            payload.push_back(presenter.contact(row));
        json = {{"meta", {{"count", found.total}, {"current_page", pageOf(call)}}},
                {"payload", std::move(payload)}};
    });
    return ports::jsonAnswer(json);
}

ContactRoutes::Answer ContactRoutes::create(ApiCall &call)
{
    const auto given = contacts::contactFieldsFromJson(call.body());
    ApiFields fields{call.body()};
    const auto inbox = fields.integer("inbox_id");
    const auto sourceId = fields.text("source_id").value_or("");
    if (!given || !fields.status())
        return given ? fields.status().error() : given.error();
    return m_doors.gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto row = m_doors.contacts.create(ctx, *given);
        if (!row)
            return row.error();
        if (inbox) {
            if (!inboxes::InboxStore{ctx.tx()}.find(ctx.account(), *inbox))
                return base::Error{ErrorCode::NotFound, "inbox"};
            const auto place = m_doors.contacts.addToInbox(ctx, row->contact.number, *inbox, sourceId);
            if (!place)
                return place.error();
        }
        return createdJson(m_doors.presenter(ctx.tx(), call).contact(*row));
    });
}

ContactRoutes::Answer ContactRoutes::show(ApiCall &call)
{
    Answer answer = notFound();
    const auto number = call.number("id");
    m_doors.gate.read([&](storage::Transaction &tx) {
        const auto row = number ? ContactStore{tx}.find(call.account, *number) : std::nullopt;
        if (row)
            answer = ports::jsonAnswer({{"payload", m_doors.presenter(tx, call).contact(*row)}});
    });
    return answer;
}

ContactRoutes::Answer ContactRoutes::update(ApiCall &call)
{
    const auto number = call.number("id");
    if (!number)
        return notFound();
    const auto given = contacts::contactFieldsFromJson(call.body());
    if (!given)
        return given.error();
    base::Json json;
    const auto status = m_doors.gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
        const auto row = m_doors.contacts.change(ctx, *number, *given);
        if (!row)
            return row.error();
        json = m_doors.presenter(ctx.tx(), call).contact(*row);
        return base::Done{};
    });
    if (!status)
        return status.error();
    // PUT is documented to answer without a body; PATCH, which other clients use, tells the contact.
    if (call.request.method == "PATCH")
        return ports::jsonAnswer({{"payload", std::move(json)}});
    HttpResponse answer;
    answer.status = 204;
    return answer;
}

// Takes their conversations with it, of every inbox: so an administrator's to do.
ContactRoutes::Answer ContactRoutes::remove(ApiCall &call)
{
    const auto number = call.number("id");
    if (!number)
        return notFound();
    if (!call.actor.administrator)
        return base::Error{ErrorCode::Forbidden, {}};
    RemovedFiles files;
    const auto status = m_doors.gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
        auto removed = RemovalService::removeContact(ctx, *number);
        if (!removed)
            return removed.error();
        files = std::move(*removed);
        return base::Done{};
    });
    if (!status)
        return status.error();
    m_doors.attachments.removeFiles(files);
    return HttpResponse{};
}

// Whoever knows contacts may: nobody sees other conversations afterwards than before.
ContactRoutes::Answer ContactRoutes::merge(ApiCall &call)
{
    ApiFields fields{call.body()};
    const auto base = fields.integer("base_contact_id");
    const auto other = fields.integer("mergee_contact_id");
    if (const auto status = fields.status(); !status || !base || !other)
        return base::Error{ErrorCode::Invalid, base ? "mergee_contact_id" : "base_contact_id"};
    return m_doors.gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto row = ContactMerge::merge(ctx, m_doors.contacts, *base, *other);
        if (!row)
            return row.error();
        auto json = createdJson(m_doors.presenter(ctx.tx(), call).contact(*row));
        json.erase("availability_status");
        return json;
    });
}

ContactRoutes::Answer ContactRoutes::conversations(ApiCall &call)
{
    Answer answer = notFound();
    const auto number = call.number("id");
    m_doors.gate.read([&](storage::Transaction &tx) {
        if (!number || !ContactStore{tx}.find(call.account, *number))
            return;
        auto presenter = m_doors.presenter(tx, call);
        auto payload = base::Json::array();
        for (const auto &row : ConversationStore{tx}.ofContact(call.account, *number, mostConversations))
            if (inboxes::InboxService::sees(tx, call.account, call.actor, row.inbox))
                payload.push_back(presenter.conversation(row));
        answer = ports::jsonAnswer({{"payload", std::move(payload)}});
    });
    return answer;
}

ContactRoutes::Answer ContactRoutes::labels(ApiCall &call)
{
    Answer answer = notFound();
    const auto number = call.number("id");
    m_doors.gate.read([&](storage::Transaction &tx) {
        if (const auto row = number ? ContactStore{tx}.find(call.account, *number) : std::nullopt)
            answer = ports::jsonAnswer({{"payload", row->contact.labels}});
    });
    return answer;
}

ContactRoutes::Answer ContactRoutes::setLabels(ApiCall &call)
{
    const auto number = call.number("id");
    if (!number)
        return notFound();
    ApiFields fields{call.body()};
    const auto titles = fields.texts("labels");
    if (!fields.status() || !fields.has("labels"))
        return base::Error{ErrorCode::Invalid, "labels"};
    base::Json labels;
    const auto status = m_doors.gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
        const auto row = m_doors.contacts.setLabels(ctx, *number, titles);
        if (!row)
            return row.error();
        labels = row->contact.labels;
        return base::Done{};
    });
    if (!status)
        return status.error();
    return ports::jsonAnswer({{"payload", std::move(labels)}});
}

ContactRoutes::Answer ContactRoutes::addInbox(ApiCall &call)
{
    const auto number = call.number("id");
    if (!number)
        return notFound();
    ApiFields fields{call.body()};
    const auto inbox = fields.integer("inbox_id");
    const auto sourceId = fields.text("source_id").value_or("");
    if (!fields.status() || !inbox)
        return base::Error{ErrorCode::Invalid, "inbox_id"};
    return m_doors.gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        if (!inboxes::InboxStore{ctx.tx()}.find(ctx.account(), *inbox))
            return base::Error{ErrorCode::NotFound, "inbox"};
        const auto place = m_doors.contacts.addToInbox(ctx, *number, *inbox, sourceId);
        if (!place)
            return place.error();
        return m_doors.presenter(ctx.tx(), call).contactInbox(*place);
    });
}

ContactRoutes::Answer ContactRoutes::contactableInboxes(ApiCall &call)
{
    Answer answer = notFound();
    const auto number = call.number("id");
    m_doors.gate.read([&](storage::Transaction &tx) {
        if (!number || !ContactStore{tx}.find(call.account, *number))
            return;
        const auto places = ContactStore{tx}.inboxesOf(*number);
        auto payload = base::Json::array();
        for (const auto &inbox : inboxes::InboxService::visible(tx, call.account, call.actor)) {
            const auto known = std::find_if(places.begin(), places.end(), [&](const auto &place) {
                return place.inbox == inbox.inbox.number;
            });
            // A website visitor can only be reached where they came from.
            if (known != places.end())
                payload.push_back(
                    {{"source_id", known->sourceId}, {"inbox", inboxes::inboxReference(inbox)}});
        }
        answer = ports::jsonAnswer({{"payload", std::move(payload)}});
    });
    return answer;
}

} // namespace server::conversations
