#pragma once
// How the audit log knows an administrator's deed from a call: what stands in the column of the plugin. No
// plugin is called so. The user whom it was about is in the column of the call's id.

#define DEEDS "(administration)"
