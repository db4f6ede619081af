#include "server/features/attachments/attachment_json.h"

#include "shared/base/json.h"

namespace server::attachments {

base::Json describe(const domain::Attachment &file, bool forAgent)
{
    base::Json json{{"id", file.id.text()}, {"name", file.name}, {"mime", file.mime}, {"size", file.size}};
    if (!forAgent)
        return json;
    json["w"] = file.width;
    json["h"] = file.height;
    json["thumb"] = file.thumbnail;
    return json;
}

} // namespace server::attachments
