// Counts the processes that live in sandboxes which this process has started, as the kernel knows them: by
// pid namespace, which no process can leave, whatever it does to its parents, sessions and names.
#pragma once

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "core/descriptor.h"

namespace hone {

class ProcessCensus {
 public:
  /// Processes in the pid namespaces of our direct descendants, or in namespaces within these.
  static size_t count() {
    const ProcessCensus census;
    std::set<ino_t> ours;
    for (const auto& [pid, parent] : census.parents_) {
      if (census.is_descendant(pid)) ours.merge(namespaces_of(pid));
    }
    for (const ino_t own : namespaces_of(::getpid())) ours.erase(own);
    size_t count = 0;
    for (const auto& [pid, parent] : census.parents_) {
      bool inside = false;
      for (const ino_t space : namespaces_of(pid)) inside = inside || ours.count(space) > 0;
      count += inside;
    }
    return count;
  }

  /// Our own children: the bwrap of each box.
  static std::set<pid_t> children() {
    std::set<pid_t> all;
    for (const auto& [pid, parent] : ProcessCensus().parents_)
      if (parent == ::getpid()) all.insert(pid);
    return all;
  }

 private:
  ProcessCensus() {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string name = entry.path().filename();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      std::ifstream file(entry.path() / "stat");
      std::string text((std::istreambuf_iterator<char>(file)), {});
      const size_t end = text.rfind(')');
      if (end != std::string::npos) parents_[std::stoi(name)] = std::stoi(text.substr(end + 4));
    }
  }

  bool is_descendant(pid_t pid) const {
    for (auto at = parents_.find(pid); at != parents_.end() && at->first > 1;
         at = parents_.find(at->second)) {
      if (at->second == ::getpid()) return true;
    }
    return false;
  }

  /// The pid namespace of a process and those around it. Empty if the process is gone.
  static std::set<ino_t> namespaces_of(pid_t pid) {
    std::set<ino_t> all;
    Descriptor space(::open(("/proc/" + std::to_string(pid) + "/ns/pid").c_str(), O_RDONLY | O_CLOEXEC));
    while (space.is_open()) {
      struct stat info = {};
      ::fstat(space.get(), &info);
      all.insert(info.st_ino);
      space = Descriptor(::ioctl(space.get(), NS_GET_PARENT));
    }
    return all;
  }

  std::map<pid_t, pid_t> parents_;
};

}  // namespace hone
