#pragma once
#include "confine.h"

#include <stddef.h>

/// When a rule on an argument holds; 32 bits of it are compared, which is what the kernel reads of
/// those that the rules ask for.
enum condition { equals, differs, has_any_bit };

/// Every CLONE_NEW… flag (linux/sched.h).
enum { new_namespaces = 0x7e020000 };

/// Rules are tried in the order in which they are added; the first that holds decides.
void rule_allow(int call);
void rule_refuse(int call, int error);
void rule_allow_where(int call, int argument, enum condition condition, unsigned int value);
void rule_refuse_where(int call, int argument, enum condition condition, unsigned int value);
/// Where those of the argument's bits that are in `mask` are `value`.
void rule_refuse_masked(int call, int argument, unsigned int mask, unsigned int value);
/// Where the argument is not NULL.
void rule_refuse_pointer(int call, int argument);
/// Allowed where the argument, a process's number, is 0 or this process's own.
void rule_allow_own(int call, int argument);
/// For calls whose number is above `call`.
void rule_refuse_above(int call, int error);
/// These two end the rules.
void rule_allow_rest(void);
void rule_refuse_rest(int error);

/// The number of this process, which stays the same across exec.
unsigned int own_process(void);

/// The rules for a student's program, and for the tools that build one.
void worker_rules(const struct confinement *confinement);
void tool_rules(const struct confinement *confinement);
