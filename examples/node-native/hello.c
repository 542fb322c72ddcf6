#include <node_api.h>

static napi_value Init(napi_env env, napi_value exports) {
  napi_value text;
  napi_create_string_utf8(env, "compiled C", NAPI_AUTO_LENGTH, &text);
  napi_set_named_property(env, exports, "text", text);
  return exports;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
