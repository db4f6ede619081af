#include "server/features/webhooks/webhooks_module.h"

#include "server/features/webhooks/delivery_store.h"
#include "server/features/webhooks/webhook_store.h"

namespace server::webhooks {

std::vector<storage::Migration> migrations()
{
    auto all = WebhookStore::migrations();
    for (auto &&more : DeliveryStore::migrations())
        all.push_back(std::move(more));
    return all;
}

} // namespace server::webhooks
