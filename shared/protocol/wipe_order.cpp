#include "shared/protocol/wipe_order.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

namespace protocol {

namespace {

std::string textOf(Wipe wipe)
{
    return wipe == Wipe::All ? "all" : wipe == Wipe::Cache ? "cache" : "none";
}

} // namespace

std::string WipeOrder::text() const
{
    return "deskbell-wipe-1\n" + device.text() + '\n' + std::to_string(base::toMs(at)) + '\n' + nonce + '\n' +
           textOf(wipe);
}

base::Json toJson(const WipeOrder &order)
{
    return {{"device", order.device.text()},
            {"at", base::toMs(order.at)},
            {"nonce", order.nonce},
            {"wipe", textOf(order.wipe)},
            {"sig", base::toBase64Url(order.signature)}};
}

std::optional<WipeOrder> wipeOrderFromJson(const base::Json &json)
{
    const auto device = base::uuidField(json, "device");
    const auto at = base::integerField(json, "at");
    const auto nonce = base::textField(json, "nonce");
    const auto wipe = base::textField(json, "wipe");
    const auto signature = base::fromBase64Url(base::textField(json, "sig").value_or(""));
    if (!device || !at || !nonce || nonce->size() > 64 || (wipe != "cache" && wipe != "all") ||
        signature.size() != 64)
        return std::nullopt;
    return WipeOrder{*device, base::fromMs(*at), *nonce, wipe == "all" ? Wipe::All : Wipe::Cache, signature};
}

} // namespace protocol
