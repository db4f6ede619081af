#include "shared/base/json.h"
#include "shared/protocol/canned_responses/canned_messages.h"

namespace protocol {

base::Json toJson(const SaveCannedResponse &m)
{
    return {
        {"id", m.response.id.text()}, {"short_code", m.response.shortCode}, {"content", m.response.content}};
}

base::Json toJson(const DeleteCannedResponse &m)
{
    return {{"id", m.id.text()}};
}

base::Result<SaveCannedResponse> saveCannedFromJson(const base::Json &args)
{
    const auto id = base::uuidField(args, "id");
    if (!id)
        return base::Error{base::ErrorCode::Invalid, "id"};
    domain::CannedResponse response;
    response.id = {*id};
    response.shortCode = base::textField(args, "short_code").value_or("");
    response.content = base::textField(args, "content").value_or("");
    auto fine = domain::checked(std::move(response));
    if (!fine)
        return fine.error();
    return SaveCannedResponse{*std::move(fine)};
}

base::Result<DeleteCannedResponse> deleteCannedFromJson(const base::Json &args)
{
    const auto id = base::uuidField(args, "id");
    if (!id)
        return base::Error{base::ErrorCode::Invalid, "id"};
    return DeleteCannedResponse{{*id}};
}

} // namespace protocol
